"""Messages on the desktop by org.freedesktop.Notifications, where the desktop has that."""

from __future__ import annotations

import html
import os
import sys
from typing import Any

from app.services.redact import plain

_WAIT = 3.0
"""Seconds for each answer of the desktop."""


def show(title: str, text: str, icon: str = "keeptake") -> bool:
    """Whether the desktop took the message. Waits for D-Bus: use a thread.

    The text is shown as it is: where the desktop reads markup in it, it is made harmless first.
    """
    if sys.platform != "linux" or not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return False
    try:
        import jeepney  # type: ignore[import-untyped]
        from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]
    except ImportError:
        return False
    desktop = jeepney.DBusAddress(
        "/org/freedesktop/Notifications", "org.freedesktop.Notifications",
        "org.freedesktop.Notifications",
    )  # fmt: skip
    try:
        with open_dbus_connection() as bus:
            asked = bus.send_and_get_reply(
                jeepney.new_method_call(desktop, "GetCapabilities"), timeout=_WAIT
            )
            body = plain(text)
            if "body-markup" in jeepney.wrappers.unwrap_msg(asked)[0]:
                body = html.escape(body, quote=False)
            named: tuple[Any, ...] = (
                "Keeptake",
                0,
                icon,
                plain(title),
                body,
                [],
                {"desktop-entry": ("s", icon)},
            )
            taken = bus.send_and_get_reply(
                jeepney.new_method_call(desktop, "Notify", "susssasa{sv}i", (*named, -1)),
                timeout=_WAIT,
            )
            jeepney.wrappers.unwrap_msg(taken)
    except (OSError, ValueError, KeyError, jeepney.wrappers.DBusErrorResponse):
        return False  # No bus, nobody there, or no answer in time (TimeoutError is an OSError).
    return True
