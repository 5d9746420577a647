"""The Launch page in a real browser: what it starts from, its fields, and its draft, which outlives the page."""

from playwright.sync_api import Browser, Locator, Page, expect

from core.common.workspace import Workspace
from core.config.presets import PRESETS
from tests.browser.added import store
from tests.browser.conftest import fill, key
from tests.browser.settling import opened, settled
from tests.server import Server


def cards(page: Page) -> Locator:
    key(page, "launch_start").get_by_role("button").click()
    settled(page)
    return page.get_by_role("dialog")


def choose(page: Page, name: str) -> None:
    cards(page)
    key(page, f"launch_from_{name}").get_by_role("button").click()
    expect(key(page, "launch_start")).to_contain_text(name)
    settled(page)


def test_a_draft_outlives_a_reload_in_its_browser_and_a_link_overrules_it(
    page: Page, browser: Browser, server: Server
) -> None:
    page.goto("/launch?preset=digits-mlp")
    settled(page)
    fill(page, "Epochs", "77")
    fill(page, "Name", "mine")
    page.wait_for_url("**/launch?preset=digits-mlp&draft=*")
    page.reload()
    settled(page)
    epochs = page.get_by_label("Epochs", exact=True)
    expect(epochs).to_have_value("77")
    expect(page.get_by_label("Name", exact=True)).to_have_value("mine")

    tab = page.context.new_page()
    tab.goto("/launch")  # another day
    settled(tab)
    expect(tab.get_by_label("Epochs", exact=True)).to_have_value("77")
    tab.goto("/launch?preset=digits-mlp")
    settled(tab)
    expect(tab.get_by_label("Epochs", exact=True)).to_have_value("30")

    elsewhere = opened(browser, base_url=server.url).new_page()
    elsewhere.goto(page.url.removeprefix(server.url))
    settled(elsewhere)
    expect(elsewhere.get_by_label("Epochs", exact=True)).to_have_value("30")
    elsewhere.context.close()


def test_choosing_a_preset_again_and_again_gives_that_preset(page: Page) -> None:
    page.goto("/launch?preset=digits-cnn")
    for name in ("iris-mlp", "xor", "iris-mlp"):
        choose(page, name)  # at once, while the page still asks what the one before builds
        training = PRESETS[name].config.training
        expect(page.get_by_label("Epochs", exact=True)).to_have_value(str(training.epochs))
        if training.early_stopping:
            expect(page.get_by_label("Patience", exact=True)).to_have_value(str(training.early_stopping.patience))
        else:
            expect(page.get_by_label("Patience", exact=True)).to_have_count(0)
        page.wait_for_url(f"**/launch?preset={name}")


def test_a_launch_starts_from_a_card_that_is_found_by_its_words(page: Page, shared_workspace: Workspace) -> None:
    config = {"data": {"source": "iris"}, "architecture": {"name": "mlp"}, "training": {"epochs": 123}}
    theirs = store(shared_workspace, config, {"val_loss": [0.5, 0.25]}, name="of grace", created_by="grace")
    page.goto("/launch?preset=xor")
    settled(page)
    dialog = cards(page)
    card = key(page, "launch_card_digits-cnn")
    for fact in ("images", "1,797 examples", "35,914 parameters", "≈ 2 s on 2 cores"):
        expect(card.get_by_text(fact)).to_be_visible()
    page.wait_for_function("() => document.querySelector('.st-key-launch_card_digits-cnn img')?.naturalWidth > 0")
    find = dialog.get_by_label("Find", exact=True)
    find.fill("species")
    find.press("Enter")
    expect(dialog.get_by_role("button", name="Start", exact=True)).to_have_count(1)
    key(page, "launch_from_iris-mlp").get_by_role("button").click()
    expect(key(page, "launch_start")).to_contain_text("iris-mlp")

    dialog = cards(page)
    dialog.get_by_text("Other people's runs").click()
    expect(key(page, f"launch_card_{theirs}")).to_contain_text("0.25")
    key(page, f"launch_from_{theirs}").get_by_role("button").click()
    expect(key(page, "launch_start")).to_contain_text(f"run {theirs}")
    settled(page)
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("123")
    page.wait_for_url(f"**/launch?from={theirs}")


def test_fields_are_folded_and_searched_and_problems_lead_to_theirs(page: Page) -> None:
    page.goto("/launch?preset=digits-mlp")
    settled(page)
    epochs, clip = page.get_by_label("Epochs", exact=True), page.get_by_label("Clip norm", exact=True)
    expect(key(page, "launch_sums")).to_contain_text("8,970")  # parameters, as the standby counts them
    expect(clip).to_be_hidden()
    fill(page, "Find a field", "gradient clip")
    expect(clip).to_be_visible()
    expect(epochs).to_have_count(0)
    fill(page, "Find a field", "")
    fill(page, "Epochs", "0")
    expect(page.locator("[class*=st-key-launch-training-epochs]")).to_have_css("outline-style", "solid")
    fill(page, "Find a field", "gradient clip")
    link = page.get_by_role("link", name="Training › Epochs")
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1e6)")
    link.click()
    expect(epochs).to_be_in_viewport()
    expect(key(page, "launch_old_sums")).to_have_css("opacity", "0.6")  # of the network before
    fill(page, "Epochs", "3")
    fill(page, "Find a field", "")

    fold, steps = key(page, "launch_more_training"), page.get_by_label("Most steps", exact=True)
    fold.locator("summary").click()
    fill(page, "Most steps", "0")
    fold.locator("summary").click()
    expect(steps).to_be_hidden()
    page.get_by_role("link", name="Training › Most steps").click()
    expect(steps).to_be_in_viewport()
    fill(page, "Most steps", "7")
    expect(key(page, "launch_sums")).to_have_css("opacity", "1")
    expect(key(page, "launch_old_sums")).to_have_count(0)


def test_where_folds_are_set_all_of_them_are_launched_unless_said_otherwise(page: Page) -> None:
    page.goto("/launch?preset=iris-mlp")
    settled(page)
    fill(page, "Folds", "3")
    folds = page.get_by_role("switch", name="All 3 folds")
    expect(folds).to_be_checked()
    expect(page.get_by_role("button", name="Launch 3 runs", exact=True)).to_be_visible()
    page.locator("label", has=folds).click()
    expect(page.get_by_role("button", name="Launch", exact=True)).to_be_visible()
