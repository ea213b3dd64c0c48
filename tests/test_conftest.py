"""The checks that hold for every test do fail a test that leaves or says something."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")

STORIES = {
    "a log record": "def test_it():\n    import logging; logging.getLogger('x').warning('stray')",
    "a thread": """
        import threading
        def test_it():
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        """,
    "a process": """
        import subprocess
        left = []
        def test_it():
            left.append(subprocess.Popen(['sleep', '7']))
        """,
    "a task": """
        import asyncio
        loop = asyncio.new_event_loop()
        left = []
        def test_it():
            async def wait():
                await asyncio.sleep(60)
            left.append(loop.create_task(wait()))
        """,
    "a Qt message": """
        from PySide6.QtCore import QObject, qWarning
        def test_it():
            qWarning('stray')
        """,
    "an expected record is fine": """
        import logging
        def test_it(expected_log):
            expected_log('known')
            logging.getLogger('x').warning('a known thing')
        """,
}


@pytest.mark.parametrize("what", STORIES)
def test_what_is_left_or_said_fails_a_test(pytester: pytest.Pytester, what: str) -> None:
    pytester.makeconftest(CONFTEST.read_text())
    pytester.makepyfile(STORIES[what])
    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    if what.startswith("an expected"):
        result.assert_outcomes(passed=1)
    else:
        result.assert_outcomes(passed=1, errors=1)
