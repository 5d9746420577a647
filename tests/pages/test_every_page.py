"""Every page opens, whatever the store holds."""

import pytest

from core.common.context import Context
from core.config.presets import PRESETS
from core.runs import Draft, create
from pages.shared.nav import PAGES, PageSpec
from tests.pages.conftest import OpenPage

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)


@every_page
def test_opens_on_an_empty_store(open_page: OpenPage, page: PageSpec) -> None:
    assert open_page(page).title


@every_page
def test_opens_on_a_store_with_runs(open_page: OpenPage, context: Context, page: PageSpec) -> None:
    for preset in PRESETS.values():
        if "dataset" in preset.raw["data"]:  # one of the user's own, which is not there
            continue
        create(context, Draft(preset.raw, preset=preset.name, tags=("<b>bold</b>", "*", "🦜")))
    open_page(page)
