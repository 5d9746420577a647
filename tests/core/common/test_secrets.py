"""Passwords in settings stay out of what people and logs get to see."""

import pytest

from core.common.errors import StoreError
from core.common.secrets import is_secret, without_secrets
from core.common.settings import Settings
from core.common.workspace import Workspace
from core.system.hosts import settings_in_force

URLS = [
    "postgresql+psycopg://ada:hunter22@host/db",
    "postgresql+psycopg://ada:p@ss:hunter22@host/db",
    "postgresql+psycopg://ada:hunter22%40x@host/db",
    "postgresql+psycopg://ada@host/db?password=hunter22",
    "postgresql+nothing://ada:hunter22@host/db",
    "postgresql://ada:hunter22@host:port/db",
    "sqlite://ada:hunter22@host/db",
    "nonsense://ada:hunter22@",
]


@pytest.mark.parametrize("url", URLS)
def test_a_message_of_a_library_never_repeats_the_password(url: str) -> None:
    for text in (f"cannot connect to {url}", "word hunter22@host is wrong", "hunter22@x"):
        assert "hunter22" not in without_secrets(text, url)
    assert without_secrets("no such host", url) == "no such host"


@pytest.mark.parametrize("url", URLS)
def test_a_store_that_cannot_be_opened_is_told_without_its_password(settings: Settings, url: str) -> None:
    changed = settings.model_copy(update={"db_url": url})
    assert "hunter22" not in repr(changed)
    with pytest.raises(StoreError) as refused:
        Workspace.open(changed)
    assert "hunter22" not in str(refused.value)
    assert "hunter22" not in str(settings_in_force(changed))


@pytest.mark.parametrize(
    ("name", "secret"), [("api_token", True), ("db_password", True), ("key", True), ("home", False)]
)
def test_a_setting_that_is_a_secret_is_known_by_its_name(name: str, secret: bool) -> None:
    assert is_secret(name) is secret
