"""What a page may load, and what a visitor is told when a page fails."""

import base64
import hashlib
import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.frontend.policy import content_policy
from pages.shared.nav import PAGES, PageSpec
from tests.pages.test_documents import get


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_the_policy_names_every_script_that_is_written_into_a_page(page: PageSpec) -> None:
    _, _, document = get(f"/{page.url_path}")
    scripts = re.findall(r"<script>(.*?)</script>", document, re.DOTALL)
    assert len(scripts) >= 2
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in content_policy()
    assert not re.search(r"\son\w+=", document)  # no handler within a tag, which has no hash


def test_the_policy_lets_a_page_load_nothing_of_another_host_and_no_text_as_a_script() -> None:
    policy = content_policy()
    assert "http" not in policy
    assert "*" not in policy
    assert "unsafe-eval" not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "frame-ancestors 'self'" in policy


def _failing() -> None:
    from app import show_error
    from core.common.errors import NotFoundError

    show_error(NotFoundError("There is no run 7."))
    try:
        raise RuntimeError("the secret of the house")
    except RuntimeError as error:
        assert show_error(error)


def test_a_page_that_fails_shows_a_number_that_the_log_has_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="traindeck"):
        app = AppTest.from_function(_failing, default_timeout=300).run()
    ours, unforeseen = (error.value for error in app.error)
    assert ours == "There is no run 7."
    number = re.search(r"error ([0-9a-f]{8})", unforeseen)
    assert number
    assert f"Error {number[1]}" in caplog.text
    assert "the secret of the house" in caplog.text
    assert "secret" not in unforeseen
    assert not app.exception
