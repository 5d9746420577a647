"""The Launch page in a real browser: what will fail is told before it is launched, and what it will take."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import key, settled

S3 = Path(__file__).parents[1] / "core" / "architectures" / "s3_as_printed.yaml"


def test_a_printed_network_for_other_images_is_caught_and_told_what_to_change(page: Page) -> None:
    page.goto("/launch")
    settled(page)
    page.get_by_role("button", name="Upload").click()
    page.locator("input[type=file]").set_input_files(S3)
    told = page.get_by_role("alert").filter(has_text="1 problem to solve")
    expect(told).to_contain_text(
        "layer 1 (InputLayer) declares 128 x 128 x 3 values, and the images of this data set are 32 x 32 x 3: "
        "remove it, set its shape to [32, 32, 3], or set data.resize to 128, 128"
    )
    page.keyboard.press("Escape")
    key(page, "launch_go").get_by_role("button").click()
    expect(page.get_by_text("Nothing was launched: 1 problem to solve first.")).to_be_visible()


def test_a_sound_config_shows_its_time_and_memory_without_a_click(page: Page) -> None:
    page.goto("/launch?preset=digits-mlp")
    trial = key(page, "launch_trial")
    expect(trial.get_by_text("Trying a batch")).to_have_count(0)
    figures = r"Time.*≈ \d+ (s|min).*Memory.*\d (KiB|MiB).*First loss.*2\.\d.*Weights.*105 KiB"
    expect(trial).to_have_text(re.compile(figures, re.DOTALL))
