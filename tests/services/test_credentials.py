"""Keys go to the operating system's store or stay in memory, and nowhere else."""

from __future__ import annotations

import keyring
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest
from typing_extensions import override

from app.core.errors import StoreError
from app.services.credentials import Backend, Credentials, system_backend, taken

SECRET = "nk_live_0123456789"


class Vault:
    """A backend in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Vault):
    """A backend the person did not unlock."""

    @override
    def get_password(self, service: str, username: str) -> str | None:
        raise keyring.errors.KeyringLocked("locked")

    @override
    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("locked")


def credentials(backend: Backend | None, **environment: str) -> Credentials:
    return Credentials(lambda: backend, environment)


def test_a_key_is_kept_by_the_store_and_found_again() -> None:
    vault = Vault()
    credentials(vault).put("nanoclip", f" {SECRET}\n")
    later = credentials(vault)
    assert later.get("nanoclip") == SECRET
    assert later.source("nanoclip") == "store"
    assert later.get("znippet") is None
    assert later.source("znippet") == "none"
    assert later.notice == ""
    assert vault.kept == {("keeptake", "nanoclip"): SECRET}


def test_an_empty_key_forgets_the_stored_one() -> None:
    vault = Vault()
    keys = credentials(vault)
    keys.put("nanoclip", SECRET)
    keys.put("nanoclip", "")
    keys.put("nanoclip", "")
    assert keys.get("nanoclip") is None
    assert vault.kept == {}


def test_the_environment_wins() -> None:
    vault = Vault()
    vault.set_password("keeptake", "nanoclip", "stored")
    keys = credentials(vault, NANOCLIP_API_KEY=SECRET)
    assert keys.get("nanoclip") == SECRET
    assert keys.source("nanoclip") == "environment"


@pytest.mark.parametrize("backend", [None, Locked()])
def test_without_a_store_a_key_lasts_for_the_session_and_that_is_told(
    backend: Backend | None,
) -> None:
    keys = credentials(backend)
    keys.put("nanoclip", SECRET)
    assert keys.get("nanoclip") == SECRET
    assert keys.source("nanoclip") == "session"
    assert "only until Keeptake closes" in keys.notice
    assert credentials(backend).get("nanoclip") is None


def test_a_key_that_cannot_be_removed_is_told() -> None:
    with pytest.raises(StoreError, match="could not be removed"):
        credentials(Locked()).put("nanoclip", "")


@pytest.mark.parametrize("text", ["two words", "line\nbreak", "clé", "a\x00b", "x" * 5000])
def test_a_text_that_cannot_be_a_key_is_refused_without_repeating_it(text: str) -> None:
    keys = credentials(Vault())
    with pytest.raises(StoreError) as refused:
        keys.put("nanoclip", text)
    assert text not in str(refused.value)
    assert keys.get("nanoclip") is None


def test_every_key_that_passes_is_learned_for_the_logs() -> None:
    learned: list[str] = []
    keys = Credentials(lambda: None, {"ZNIPPET_LICENSE_KEY": "zn_1"}, learned.append)
    keys.put("nanoclip", SECRET)
    keys.get("znippet")
    assert learned == [SECRET, "zn_1"]
    assert SECRET not in repr(keys)


@pytest.mark.parametrize(
    "backend", [keyring.backends.null.Keyring(), keyring.backends.fail.Keyring()]
)
def test_a_backend_that_does_not_encrypt_is_not_used(
    monkeypatch: pytest.MonkeyPatch, backend: object
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    assert system_backend() is None


def test_a_trusted_backend_is_found_inside_a_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyring(Vault):
        pass

    Keyring.__module__ = "keyring.backends.SecretService"
    Keyring.__qualname__ = "Keyring"
    trusted = Keyring()

    class Chain:
        backends = [keyring.backends.null.Keyring(), trusted]  # noqa: RUF012

    monkeypatch.setattr(keyring, "get_keyring", Chain)
    assert system_backend() is trusted


def test_keys_are_taken_out_of_the_environment_that_others_are_given() -> None:
    environment = {"NANOCLIP_API_KEY": "a-key", "ZNIPPET_LICENSE_KEY": "", "HOME": "/home/x"}
    keys = taken(environment)
    assert environment == {"HOME": "/home/x"}
    known = Credentials(lambda: None, keys)
    assert (known.get("nanoclip"), known.get("znippet")) == ("a-key", None)
    assert known.source("nanoclip") == "environment"


def test_a_key_that_is_only_tried_is_learned() -> None:
    learned: list[str] = []
    known = Credentials(lambda: None, {}, learned.append)
    known.learn("tried")
    known.learn("")
    assert learned == ["tried"]
    assert known.get("nanoclip") is None
