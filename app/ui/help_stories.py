"""Stories of settings and help: the Settings dialog, keys, about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QDialog

from app import __version__
from app.core.edits import SetPadding
from app.core.errors import KeeptakeError
from app.core.late import late
from app.core.timerange import SECOND
from app.services.settings import SettingsFile
from app.state.review_state import ReviewState
from app.ui import notices, text, theme
from app.ui.main_window import MainWindow

if TYPE_CHECKING:
    from app.services import credentials, quote, redact
    from app.services.clients import Clients
    from app.services.credentials import Credentials, Name
    from app.services.spending import Spending
    from app.services.wire import MeResponse
    from app.state.proxy_state import ProxyState
    from app.ui import settings_dialog, shortcuts_dialog
    from app.ui.settings_dialog import KeyState, SettingsDialog, SettingsValues
else:
    credentials = late("app.services.credentials")
    quote = late("app.services.quote")
    redact = late("app.services.redact")
    settings_dialog = late("app.ui.settings_dialog")
    shortcuts_dialog = late("app.ui.shortcuts_dialog")


class HelpStories:
    """What concerns the program and not the film."""

    def __init__(
        self,
        window: MainWindow,
        review: ReviewState,
        settings: SettingsFile,
        credentials: Credentials,
        clients: Clients,
    ) -> None:
        self._window = window
        self._review = review
        self._settings = settings
        self._credentials = credentials
        self._clients = clients
        self._asked: set[asyncio.Task[None]] = set()
        self.on_saved: Callable[[], object] = lambda: None
        self.proxies: ProxyState | None = None
        self.spending: Spending | None = None

    async def settings(self) -> None:
        """Settings…: plain values into the file, keys into the credential store."""
        now = self._settings.current
        nanoclip = await self._key_state("nanoclip")
        znippet = await self._key_state("znippet")
        values = settings_dialog.SettingsValues(
            spend_cap_cents=now.spend_cap_cents,
            padding=now.padding,
            cache_folder=now.cache_folder,
            cache_size_mb=now.cache_megabytes,
            downloads_folder=now.downloads_folder,
            theme=now.theme,
            short_name_pattern=now.short_name_pattern,
            proxy_background=now.proxy_background,
            proxy_size_mb=now.proxy_megabytes,
        )
        dialog = settings_dialog.SettingsDialog(self._window, values, nanoclip, znippet)
        if self._credentials.notice:
            dialog.show_no_store(self._credentials.notice)
        dialog.key_test_wanted.connect(lambda key: self._beside(self._test_key(dialog, key)))
        dialog.folder_wanted.connect(lambda which: self._beside(self._choose(dialog, which)))
        dialog.clear_wanted.connect(lambda: self._beside(self._clear_proxies(dialog)))
        self._beside(self._show_proxies(dialog))
        self._beside(self._show_spent(dialog))
        try:
            done = await notices.finished(dialog)
        finally:
            # What still asks has no dialog to tell it to.
            for task in self._asked:
                task.cancel()
        if done != QDialog.DialogCode.Accepted:
            return
        await self._keep(dialog.values, now.padding)

    async def _keep(self, wanted: SettingsValues, padding_before: int) -> None:
        self._settings.update(
            spend_cap_cents=wanted.spend_cap_cents,
            padding_seconds=wanted.padding / SECOND,
            cache_folder=wanted.cache_folder,
            cache_megabytes=wanted.cache_size_mb,
            downloads_folder=wanted.downloads_folder,
            theme=wanted.theme,
            short_name_pattern=wanted.short_name_pattern,
            proxy_background=wanted.proxy_background,
            proxy_megabytes=wanted.proxy_size_mb,
        )
        for name, key in (("nanoclip", wanted.nanoclip_key), ("znippet", wanted.znippet_key)):
            if key is not None:
                await asyncio.to_thread(self._credentials.put, name, key)  # type: ignore[arg-type]
        if self._credentials.notice:
            self._window.notice.show_message(self._credentials.notice)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, wanted.theme)
        if wanted.padding != padding_before and self._review.review:
            self._review.do(SetPadding(wanted.padding))
        if self.proxies is not None:
            self.proxies.rules_changed()
        self.on_saved()

    async def _key_state(self, name: Name) -> KeyState:
        source = await asyncio.to_thread(self._credentials.source, name)
        variable = credentials.VARIABLES[name] if source == "environment" else ""
        return settings_dialog.KeyState(source != "none", variable)

    async def _test_key(self, dialog: SettingsDialog, typed: str) -> None:
        dialog.show_key_test("Asking NanoClip…", None)
        try:
            client = self._clients.with_key(typed) if typed else await self._clients.get("nanoclip")
            me = await client.me()
        except KeeptakeError as problem:
            dialog.show_key_test(str(problem), False)
            return
        dialog.show_key_test(key_works(me), True)

    async def _show_proxies(self, dialog: SettingsDialog) -> None:
        if self.proxies is not None:
            dialog.show_proxies(await self.proxies.bytes())

    async def _show_spent(self, dialog: SettingsDialog) -> None:
        if self.spending is None:
            return
        try:
            spent = await asyncio.to_thread(self.spending.this_month)
        except KeeptakeError as problem:
            dialog.show_spent(None, str(problem))
        else:
            dialog.show_spent(spent, self.spending.notice)

    async def _clear_proxies(self, dialog: SettingsDialog) -> None:
        if self.proxies is not None:
            await self.proxies.clear()
            await self._show_proxies(dialog)

    async def _choose(self, dialog: SettingsDialog, which: str) -> None:
        folder = await notices.choose_folder(dialog, "Choose a folder", Path.home())
        if folder:
            dialog.set_folder(which, str(folder))

    def _beside(self, story: Coroutine[Any, Any, None]) -> None:
        # Runs while the dialog is open; kept so that it is not collected.
        task = asyncio.get_running_loop().create_task(story)
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def shortcuts(self) -> None:
        """Keyboard Shortcuts."""

        def keep(keys: Mapping[str, tuple[str, ...]]) -> None:
            self._settings.update(keys={action: list(own) for action, own in keys.items()})

        dialog = shortcuts_dialog.ShortcutsDialog(self._window, self._window.actions_table, keep)
        await notices.finished(dialog)

    async def about(self) -> None:
        """About Keeptake."""
        await notices.tell(
            self._window,
            "About Keeptake",
            f"Keeptake {__version__}",
            "Review a take, cut the retakes, keep the moments.\nGPL-3.0-or-later. Plays through "
            "VLC, writes through ffmpeg, draws through Qt.",
        )


def key_works(me: MeResponse) -> str:
    """What a key that works may do, what is left of today and of the credit, as plain text."""
    limits, used = me.limits, me.usage_today
    balance = me.billing.credit_balance_cents
    money = (
        "Billing is switched off."
        if balance is None
        else f"Balance: {quote.money(balance, redact.plain(me.billing.currency, 8))}."
    )
    scopes = ", ".join(redact.plain(scope, 40) for scope in me.api_key.scopes) or "nothing"
    if "*" in me.api_key.scopes:
        scopes = "everything"
    workspace = redact.plain(me.workspace.name or me.workspace.id, 80)
    return (
        f"The key works for workspace “{workspace}”. {money} It may: {scopes}. "
        f"Today {used.projects_created} of {limits.projects_per_day} uploads and "
        f"{used.analysis_commands} of {limits.analysis_commands_per_day} analyses are used; "
        f"a video may have {text.size(limits.max_upload_bytes)}."
    )
