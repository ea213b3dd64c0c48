"""The list of shorts: what a card says, which buttons it has and what they ask for."""

import gc

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from app.ui.card_painter import Card, Line
from app.ui.cards import REMEMBERED, CardList
from app.ui.moment_rows import RenderRow
from app.ui.renders_list import RendersList, card_of

SETTINGS = "By Znippet · subject · captions"
ROWS = (
    RenderRow("r2", "j/1", "The ask", "14:02", SETTINGS, "rendering", "accent", fraction=0.4),
    RenderRow("r2", "j/4", "Three", "14:02", SETTINGS, "ready", "accent", can_download=True),
    RenderRow(
        "r1", "j/1", "The <b>ask</b>", "13:40", "On this computer · grid", "downloaded", "keep",
        path="/shorts/ask.mp4", can_play=True,
    ),
    RenderRow(
        "r1", "j/2", "Signing", "13:40", SETTINGS, "failed", "cut", can_retry=True,
        sentence="The service could not render it.",
    ),
    RenderRow(
        "r0", "j/9", "Old", "yesterday", SETTINGS, "downloaded", "proposal", "/away/old.mp4",
        gone=True, sentence="The file is no longer in its folder.",
    ),
)  # fmt: skip


def shown(app: QApplication) -> RendersList:
    out = RendersList()
    out.show_renders(ROWS)
    out.resize(400, 900)
    out.show()
    # In each turn of the event loop one card's buttons are made.
    for _ in range(2 * len(ROWS)):
        app.processEvents()
    return out


def press(shorts: RendersList, text: str) -> None:
    [found] = [b for b in shorts.findChildren(QPushButton) if b.accessibleName() == text]
    found.click()


def test_a_card_says_title_settings_when_and_state() -> None:
    assert card_of(ROWS[0]).accessible == f"The ask, rendering, {SETTINGS} · 14:02, 40 %"
    assert card_of(ROWS[3]).accessible == (
        f"Signing, failed, {SETTINGS} · 13:40, The service could not render it."
    )
    assert card_of(ROWS[2]).lines[0].text == "The <b>ask</b>"


def test_buttons_are_those_that_the_state_allows() -> None:
    texts = [[b.text for b in card_of(row).buttons] for row in ROWS]
    assert texts == [
        [], ["Download"], ["Play", "Show in Folder"], ["Retry"], ["Locate Folder…"],
    ]  # fmt: skip


def test_a_bar_shows_how_far_it_is_only_while_it_is_under_way() -> None:
    assert [card_of(row).bar is not None for row in ROWS] == [True, False, False, False, False]


def test_buttons_ask_for_their_own_clip(app: QApplication) -> None:
    shorts = shown(app)
    asked: list[object] = []
    for name in ("retry_clip", "download_clip", "play_short", "show_in_folder", "locate_wanted"):
        getattr(shorts, name).connect(lambda *values, n=name: asked.append((n, *values)))
    for text in ("Retry", "Download", "Play", "Show in Folder", "Locate Folder…"):
        press(shorts, text)
    assert asked == [
        ("retry_clip", "r1", "j/2"),
        ("download_clip", "r2", "j/4"),
        ("play_short", "/shorts/ask.mp4"),
        ("show_in_folder", "/shorts/ask.mp4"),
        ("locate_wanted",),
    ]


def test_enter_plays_what_can_be_played_and_nothing_else(app: QApplication) -> None:
    shorts = shown(app)
    played: list[str] = []
    shorts.play_short.connect(played.append)
    view, model = shorts.list.view, shorts.list.model
    view.activated.emit(model.index(0))
    view.activated.emit(model.index(2))
    assert played == ["/shorts/ask.mp4"]


def test_the_same_moment_of_two_renders_is_listed_twice_and_old_ones_stay(
    app: QApplication,
) -> None:
    shorts = shown(app)
    assert shorts.list.model.rowCount() == 5
    view = shorts.list.view
    view.setCurrentIndex(shorts.list.model.index(2))
    assert shorts.current == ("r1", "j/1")
    shorts.show_renders((ROWS[1], *ROWS[2:]))
    assert shorts.list.model.rowCount() == 4


def test_without_any_it_says_how_to_get_one(app: QApplication) -> None:
    shorts = RendersList()
    shorts.show_renders(())
    shorts.show()
    app.processEvents()
    assert not shorts.any
    assert "No shorts yet" in [w.text() for w in shorts.findChildren(QLabel)]


def test_a_tooltip_of_a_card_is_never_read_as_markup(app: QApplication) -> None:
    cards = CardList("Shorts")
    line = Line("<b>bold</b> & co", most=2)
    cards.show_cards([Card("a", (line,), "a")])
    tip = cards.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>&lt;b&gt;bold&lt;/b&gt; &amp; co</qt>"


def test_cards_that_never_come_back_are_let_go(app: QApplication) -> None:
    cards = CardList("Jobs")
    cards.resize(300, 400)
    cards.show()
    for n in range(3 * REMEMBERED):
        cards.show_cards([Card(f"{n}", (Line(f"a job that is gone {n}"),), f"{n}")])
        cards.view.doItemsLayout()
    gc.collect()
    lines = [line for line in gc.get_objects() if type(line) is Line]
    gone = [line for line in lines if line.text.startswith("a job that is gone")]
    assert 1 <= len(gone) <= REMEMBERED + 2
    cards.close()
