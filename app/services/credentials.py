"""The only door to the operating system's credential store; a key never goes into a file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Literal, Protocol

from app.core.errors import StoreError
from app.core.late import late

if TYPE_CHECKING:
    import keyring
    import keyring.errors
else:
    keyring = late("keyring")

Name = Literal["nanoclip", "znippet"]

VARIABLES: Mapping[Name, str] = {
    "nanoclip": "NANOCLIP_API_KEY",
    "znippet": "ZNIPPET_LICENSE_KEY",
}
"""Environment variables that win over what is stored."""

TRUSTED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Stores that encrypt: a variable or a config file can point keyring at ones that do not."""


def taken(environment: MutableMapping[str, str]) -> dict[str, str]:
    """The keys that were in `environment`, taken out of it: what is started from here on, ffmpeg
    and workers, is given that environment and has no use for them."""
    found = {name: environment.pop(name, "") for name in VARIABLES.values()}
    return {name: key for name, key in found.items() if key}


_SERVICE = "keeptake"
_SESSION_ONLY = (
    "This computer offers no credential store, so keys are remembered only until Keeptake closes. "
    "Set {variables} to have them every time."
)


class Backend(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None:
        """The stored secret."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store one."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget one."""


def system_backend() -> Backend | None:
    """The operating system's store, or None where none is trusted. May ask D-Bus: can take long."""
    try:
        found = keyring.get_keyring()
    except _failures():
        return None
    several = getattr(found, "backends", None)
    for backend in several if isinstance(several, list) else [found]:
        kind = type(backend)
        if f"{kind.__module__}.{kind.__qualname__}" in TRUSTED:
            return backend
    return None


class Credentials:
    """The keys. Reading and writing may wait for the person to unlock the store: use a thread.

    learned: called with every key that passes, so that logs can be kept clean of it.
    notice: sentences for a person where keys last only for this session, else empty.
    """

    def __init__(
        self,
        backend: Callable[[], Backend | None] = system_backend,
        environment: Mapping[str, str] = os.environ,
        learned: Callable[[str], None] = lambda _key: None,
    ) -> None:
        self._find = backend
        self._environment = environment
        self._learned = learned
        self._gate = threading.Lock()
        self._backend: Backend | None = None
        self._looked = False
        self._session: dict[Name, str] = {}
        self.notice = ""

    def get(self, name: Name) -> str | None:
        """The key, from the environment, this session or the store; None where there is none."""
        with self._gate:
            key = self._given(name) or self._session.get(name) or self._stored(name)
        if key:
            self._learned(key)
        return key

    def learn(self, key: str) -> None:
        """A key that is used without being kept, such as one that is only tried."""
        if key:
            self._learned(key)

    def source(self, name: Name) -> Literal["environment", "session", "store", "none"]:
        """Where `get` has it from."""
        with self._gate:
            if self._given(name):
                return "environment"
            if name in self._session:
                return "session"
            return "store" if self._stored(name) else "none"

    def put(self, name: Name, key: str) -> None:
        """Keep a key, or forget it where `key` is empty.

        Raises StoreError for a text that cannot be a key, and where a key could not be forgotten.
        """
        key = key.strip()
        if not key.isascii() or not key.isprintable() or " " in key or len(key) > 4096:
            raise StoreError(
                "This cannot be a key: it holds blanks or characters no key has.",
                "Copy it again from the service's page.",
            )
        if key:
            self._learned(key)
        with self._gate:
            if key:
                self._keep(name, key)
            else:
                self._forget(name)

    def _given(self, name: Name) -> str | None:
        return self._environment.get(VARIABLES[name], "").strip() or None

    def _store(self) -> Backend | None:
        if not self._looked:
            self._looked = True
            self._backend = self._find()
            if self._backend is None:
                self._tell()
        return self._backend

    def _stored(self, name: Name) -> str | None:
        store = self._store()
        if store is None:
            return None
        try:
            return store.get_password(_SERVICE, name) or None
        except _failures():
            self._tell()
            return None

    def _keep(self, name: Name, key: str) -> None:
        store = self._store()
        if store is not None:
            try:
                store.set_password(_SERVICE, name, key)
            except _failures():
                self._tell()
            else:
                self._session.pop(name, None)
                self.notice = ""
                return
        self._session[name] = key

    def _forget(self, name: Name) -> None:
        self._session.pop(name, None)
        store = self._store()
        if store is None:
            return
        try:
            if store.get_password(_SERVICE, name) is not None:
                store.delete_password(_SERVICE, name)
        except _failures() as problem:
            raise StoreError(
                "The credential store did not answer, so the key could not be removed from it.",
                "Unlock the store and try again.",
                type(problem).__name__,
            ) from problem

    def _tell(self) -> None:
        self.notice = _SESSION_ONLY.format(variables=" or ".join(VARIABLES.values()))


def _failures() -> tuple[type[Exception], ...]:
    """What backends raise: keyring's own, and what leaks through them from D-Bus."""
    found: list[type[Exception]] = [keyring.errors.KeyringError, OSError, RuntimeError]
    try:
        from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
        from secretstorage.exceptions import SecretStorageException
    except ImportError:  # other systems have no D-Bus
        pass
    else:
        found += [DBusErrorResponse, SecretStorageException]
    return tuple(found)
