"""Messages go to the desktop over a real bus, word for word and never as markup."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jeepney  # type: ignore[import-untyped]
import pytest
from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped]

from app.services import desktop_notes

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="there is no D-Bus here")

NAME = "org.freedesktop.Notifications"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of its own."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@contextmanager
def desktop(address: str, abilities: list[str], *, refuses: bool = False) -> Iterator[list[Any]]:
    """A desktop that takes messages; what it was given."""
    got: list[Any] = []
    connection = open_dbus_connection(address)
    reply = connection.send_and_get_reply(jeepney.message_bus.RequestName(NAME))
    assert reply.body == (1,)

    def serve() -> None:
        for _ in range(2):
            asked = connection.receive(timeout=10)
            member = asked.header.fields[jeepney.HeaderFields.member]
            if member == "GetCapabilities":
                connection.send(jeepney.new_method_return(asked, "as", (abilities,)))
                continue
            got.append((asked.header.fields[jeepney.HeaderFields.signature], asked.body))
            if refuses:
                connection.send(jeepney.new_error(asked, f"{NAME}.Error.No"))
            else:
                connection.send(jeepney.new_method_return(asked, "u", (7,)))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield got
    finally:
        thread.join()
        connection.close()


@pytest.mark.parametrize(
    ("abilities", "body"),
    [
        (["body"], "<b>A & B</b> fell over"),
        (["body", "body-markup"], "&lt;b&gt;A &amp; B&lt;/b&gt; fell over"),
    ],
)
def test_a_message_arrives_as_it_is(bus: str, abilities: list[str], body: str) -> None:
    with desktop(bus, abilities) as got:
        assert desktop_notes.show("Vision failed", "<b>A & B</b>\nfell over")
    ((signature, given),) = got
    assert signature == "susssasa{sv}i"
    assert given[0] == "Keeptake"
    assert given[3:5] == ("Vision failed", body)


def test_a_desktop_that_refuses_is_no_error(bus: str) -> None:
    with desktop(bus, ["body"], refuses=True):
        assert not desktop_notes.show("Vision is done", "")


def test_without_a_desktop_or_a_bus_it_is_said(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not desktop_notes.show("Vision is done", "")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert not desktop_notes.show("Vision is done", "")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert not desktop_notes.show("Vision is done", "")
