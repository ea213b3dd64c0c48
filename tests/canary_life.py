"""One life of the whole program with secrets in it: settings, analyses, errors, a bug, a report.

`python -m tests.canary_life` reads one line of JSON from stdin (environment, film, shorts, and the
keys to be typed into Settings), says what it does in lines on stdout, and ends as programs crash.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

CAPTIONS = "1\n00:00:00,100 --> 00:00:01,000\nSo what I wanted to say\n"


def main() -> None:
    """Live, and crash."""
    given = json.loads(sys.stdin.readline())
    os.environ.update(given["environment"])
    from app import composition
    from app.services import logs, polling
    from app.state.event_loop import EventLoop

    faulthandler.enable()
    logs.catch_crashes()
    polling.pace = lambda service: polling.Pace(first=0.02, longest=0.05)
    application = composition.application_of(["keeptake"])
    with EventLoop(application) as loop:
        loop.set_exception_handler(composition._report_bug)
        loop.run_until_complete(_session(given))
    os.kill(os.getpid(), signal.SIGABRT)


def _say(what: str) -> None:
    os.write(1, what.encode() + b"\n")


async def _session(given: dict[str, Any]) -> None:
    from app import composition
    from app.services import credentials
    from app.services.folders import folders
    from tests.journeys.conftest import Person

    async with AsyncExitStack() as stack:
        # As `composition.run` does.
        keeptake = await composition.build(stack, folders(), credentials.taken(os.environ))
        keeptake.settings.update(downloads_folder=given["shorts"], device_id=given["device"])
        keeptake.window.show()
        person = Person(keeptake)
        if given["typed"]:
            await _type_keys(person, given["typed"])
        await keeptake.files.open(Path(given["film"]), play=False)
        await _ask_everybody(keeptake, given)
        await _bug(keeptake, given["secrets"])
        _say(await _report(person))
        _say(json.dumps([[j.name, str(j.error), j.error and j.error.detail]
                         for j in keeptake.jobs.jobs]))  # fmt: skip


async def _type_keys(person: Any, keys: dict[str, str]) -> None:
    """File > Settings…, both keys, the test of one, Save."""
    from PySide6.QtWidgets import QLineEdit, QPushButton

    person.choose("Settings…")
    dialog = await person.dialog("Settings")
    for name, key in keys.items():
        fields = [f for f in dialog.findChildren(QLineEdit) if name in f.accessibleName()]
        assert fields, [f.accessibleName() for f in dialog.findChildren(QLineEdit)]
        fields[0].setText(key)
        fields[0].setModified(True)
    for button in dialog.findChildren(QPushButton):
        if "Test" in button.text() and button.isEnabled():
            button.click()
            await asyncio.sleep(0.5)
    dialog.accept()
    await person.until(lambda: not dialog.isVisible(), 5)
    await asyncio.sleep(0.2)


async def _ask_everybody(keeptake: Any, given: dict[str, Any]) -> None:
    """Each service, until everything is there; what fails is asked for once more."""
    from app.services.ledger import Plan
    from app.services.shorts_records import FindPlan

    there = keeptake.review

    async def quiet() -> None:
        while running := keeptake.jobs.running:
            await keeptake.jobs.runner.finished(running[0])

    keeptake.analysis.start(
        Plan("local", vision=False, retakes=False, captions=("film.srt", CAPTIONS))
    )
    await quiet()
    for _ in range(given["sittings"]):
        evidence = there.review.evidence
        if evidence.scenes is not None and evidence.retakes is not None:
            break
        keeptake.analysis.start(Plan("nanoclip"))
        await quiet()
    for _ in range(given["sittings"]):
        if keeptake.moment_commands.all:
            break
        keeptake.shorts.find(FindPlan("znippet"))
        await quiet()
    for _ in range(given["sittings"]):
        moments = keeptake.moment_commands.all
        done = {c.key for r in keeptake.shorts.records for c in r.clips if c.state == "downloaded"}
        left = [m for m in moments if m.key not in done]
        if not left:
            break
        names = [f"{m.title}.mp4" for m in left]
        await keeptake.shorts.render("znippet", left, FindPlan("znippet").settings, names)
        await quiet()
        keeptake.shorts.download_waiting()
        await quiet()
    _say(json.dumps({"shorts": len(done), "scenes": there.review.evidence.scenes is not None}))


async def _bug(keeptake: Any, secrets: list[str]) -> None:
    """A bug in a task, one in a slot and one in a thread, each with the keys in what it says."""

    async def story() -> None:
        secret = " ".join(secrets)
        raise RuntimeError(f"bug in a story with {secret}")

    def thread() -> None:
        raise RuntimeError(f"bug in a thread with {secrets[0]}")

    keeptake.tasks.spawn(story())
    asyncio.get_running_loop().call_soon(_raise, f"bug in a callback with {secrets[0]}")
    job = asyncio.to_thread(thread)
    await asyncio.gather(job, return_exceptions=True)
    import threading

    broken = threading.Thread(target=thread)
    broken.start()
    broken.join()
    await asyncio.sleep(0.3)


def _raise(said: str) -> None:
    raise RuntimeError(said)


async def _report(person: Any) -> str:
    """What Report a Problem… shows."""
    from PySide6.QtWidgets import QLabel, QPlainTextEdit, QTextEdit

    person.choose("Report a Problem…")
    dialog = await person.dialog("Report a Problem")
    await asyncio.sleep(0.3)
    texts = [w.toPlainText() for w in dialog.findChildren(QPlainTextEdit)]
    texts += [w.toPlainText() for w in dialog.findChildren(QTextEdit)]
    texts += [w.text() for w in dialog.findChildren(QLabel)]
    dialog.reject()
    await person.until(lambda: not dialog.isVisible(), 5)
    return "REPORT\n" + "\n".join(texts)


if __name__ == "__main__":
    main()
