"""The lists let go of a film that was closed, though nothing is shown in them in its place."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import AsyncExitStack

import qasync
from PySide6.QtWidgets import QApplication

from app import composition
from app.core.memo import forget
from app.core.review import Evidence, Footage, Review
from app.core.timerange import SECOND
from app.services.folders import folders
from app.ui.theme import apply
from tests.core.speech import says


def spoken() -> Review:
    """Four words."""
    return Review(Evidence(Footage(20 * SECOND, width=64, height=48), says("a film of words")))


async def story() -> None:
    async with AsyncExitStack() as stack:
        keeptake = await composition.build(stack, folders())
        window, review = keeptake.window, keeptake.review
        window.show()
        window.show_welcome(False)
        film = spoken()
        words = weakref.ref(film.evidence.transcript)
        review.load(film)
        del film
        await asyncio.sleep(0.2)
        assert window.panes.retakes.isVisible()
        assert words() is not None
        # As when a film is closed: the panes are away before they are told.
        window.show_welcome(True)
        review.load(None)
        forget()
        await asyncio.sleep(0.2)
        gc.collect()
        assert words() is None
        window.close_now()


def test_a_closed_films_words_are_let_go_of_while_no_pane_is_in_sight(qapp: QApplication) -> None:
    apply(qapp, "dark")
    with qasync.QEventLoop(qapp) as loop:
        loop.run_until_complete(story())
