"""How a moment is painted: cell by cell in a wide list, as one block in a narrow one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPixmap,
    QStaticText,
    QTextOption,
    QTransform,
)

from app.core.channels import channel_of
from app.ui import theme
from app.ui.card_painter import reads_right_to_left
from app.ui.moment_rows import (
    MomentRow,
    best_channel,
    mark_of,
    one_line,
    score_in,
    score_text,
    states_of,
    title_of,
)
from app.ui.stylesheet import mixed
from app.ui.text import length, span

ROW_HEIGHT = 66
POSTER = (64, 46)
EDGE = 8
PAD = 6
TEXT_LEFT = EDGE + POSTER[0] + 10
"""Where the text of a narrow row begins."""

Face = Literal[
    "title", "title-narrow", "body", "small", "time", "time-small", "score", "score-best", "total",
    "total-small", "state", "state-strong", "state-small", "badge",
]  # fmt: skip
Run = tuple[str, Face, str]
"""A text, its face, the name of its colour role."""


# Made once: putting flags together costs as much as painting a short text.
_BADGE = QColor(13, 17, 22, 190)
_IN_MIDDLE = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine)


@lru_cache(maxsize=64)
def colour(name: str) -> QColor:
    """A colour of the theme; not to be changed."""
    return QColor(name)


@lru_cache(maxsize=8)
def _chosen(accent: str, panel: str) -> QColor:
    return QColor(mixed(accent, panel, 0.16))


@lru_cache(maxsize=32)
def font(face: Face) -> QFont:
    """The face, by its place in a row."""
    match face:
        case "title" | "title-narrow" | "state-strong":
            sizes = {"title-narrow": 13, "state-strong": 14}
            return theme.ui(sizes.get(face, 15), bold=True)
        case "body" | "state-small":
            return theme.ui(12)
        case "small":
            return theme.ui(11)
        case "state":
            return theme.ui(14)
        case "total" | "score-best" | "total-small":
            out = theme.mono({"total": 15, "score-best": 12}.get(face, 11))
            out.setWeight(QFont.Weight.Bold)
            return out
        case _:
            return theme.mono(12 if face in ("time", "score") else 11)


@lru_cache(maxsize=32)
def metrics(face: Face) -> QFontMetrics:
    """Of that face."""
    return QFontMetrics(font(face))


def elided(text: str, face: Face, width: int) -> str:
    """The text, its end given up for an ellipsis where it has no room."""
    return metrics(face).elidedText(text, Qt.TextElideMode.ElideRight, width)


@lru_cache(maxsize=8192)
def wide(text: str, face: Face) -> int:
    """Pixels the text takes; one more than Qt rounds to, so that it is not elided in them."""
    return metrics(face).horizontalAdvance(text) + 2


@lru_cache(maxsize=8192)
def _backwards(text: str) -> bool:
    return reads_right_to_left(text)


@lru_cache(maxsize=6144)
def _set(text: str, face: Face, width: int) -> tuple[QStaticText, float, float]:
    """The text shaped once, its width and height: what a list paints, it paints again and again."""
    out = QStaticText(elided(text, face, width))
    out.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    # Said either way: left to Qt, the first letter would decide.
    ways = Qt.LayoutDirection
    option.setTextDirection(ways.RightToLeft if _backwards(text) else ways.LeftToRight)
    out.setTextOption(option)
    out.prepare(QTransform(), font(face))
    return out, out.size().width(), out.size().height()


def put(painter: QPainter, at: QRect, run: Run, *, end: bool = False) -> None:
    """One line of plain text in its own direction, vertically centred; `end`: at the right."""
    text, face, role = run
    shaped, width, height = _set(text, face, at.width())
    left = at.left() + (at.width() - width if end or _backwards(text) else 0)
    painter.setFont(font(face))
    painter.setPen(colour(getattr(theme.current(), role)))
    painter.drawStaticText(round(left), round(at.top() + (at.height() - height) / 2), shaped)


def paint_ground(painter: QPainter, at: QRect, *, chosen: bool, current: bool) -> None:
    """What lies under a row's cell: the selection and the line to the next row."""
    now = theme.current()
    if chosen:
        painter.fillRect(at, _chosen(now.accent, now.panel))
    painter.fillRect(at.left(), at.bottom(), at.width(), 1, colour(now.line))
    if current:
        painter.fillRect(at.left(), at.top(), 2, at.height() - 1, colour(now.accent))


def paint_cell(painter: QPainter, at: QRect, row: MomentRow, column: str, best_for: str) -> None:
    """One cell of a wide row, the poster's aside."""
    inner = at.adjusted(PAD, 0, -PAD, -1)
    match column:
        case "number":
            number = "" if row.number is None else str(row.number)
            put(painter, inner, (number, "score", "text2"), end=True)
        case "title":
            _paint_words(painter, inner, row)
        case "time":
            put(painter, inner, (span(row.span.start, row.span.end), "time", "text2"))
        case "score":
            put(painter, inner, (score_text(row.score), "total", "text1"), end=True)
        case "state":
            inner.setRight(at.right() - EDGE)
            _paint_states(painter, inner, row)
        case _:
            channel = column[1:]
            stands_out = best_channel(row, best_for) == channel
            run: Run = (
                score_text(score_in(row, channel)),
                "score-best" if stands_out else "score",
                "text1" if stands_out else "text2",
            )
            put(painter, inner, run, end=True)


def _paint_words(painter: QPainter, at: QRect, row: MomentRow) -> None:
    extras = _extras(row)
    description = one_line(row.description)
    lines = [21, *([17] if description else []), *([15] if extras else [])]
    top = at.top() + (at.height() - sum(lines)) // 2
    put(painter, QRect(at.left(), top, at.width(), 21), (title_of(row), "title", "text1"))
    top += 21
    if description:
        put(painter, QRect(at.left(), top, at.width(), 17), (description, "body", "text2"))
        top += 17
    if extras:
        put_runs(painter, QRect(at.left(), top, at.width(), 15), extras)


def _extras(row: MomentRow) -> list[Run]:
    out: list[Run] = []
    if mark := mark_of(row):
        out.append((mark, "small", "accent"))
    if row.tags:
        out.append((" · ".join(map(one_line, row.tags)), "small", "text2"))
    if row.warnings:
        out.append((f"⚠ {' · '.join(map(one_line, row.warnings))}", "small", "proposal"))
    return out


def put_runs(painter: QPainter, at: QRect, runs: Sequence[Run], gap: int = 8) -> None:
    """Runs beside one another; the last is the one that must be read, the others give way."""
    last = wide(runs[-1][0], runs[-1][1]) if runs else 0
    left = at.left()
    for n, run in enumerate(runs):
        room = at.right() + 1 - left
        if n < len(runs) - 1:
            room = max(room - last - gap, min(room, 48))
        room = min(room, wide(run[0], run[1]))
        if room < min(16, wide(run[0], run[1])):
            continue
        put(painter, QRect(left, at.top(), room, at.height()), run)
        left += room + gap


def _paint_states(painter: QPainter, at: QRect, row: MomentRow) -> None:
    states = states_of(row)
    high = 20 if len(states) == 2 else 0
    upper = at if not high else QRect(at.left(), at.center().y() - high + 1, at.width(), high)
    text, role = states[0]
    face: Face = "state-strong" if text.startswith("★") else "state"
    face = face if wide(text, face) <= at.width() else "state-small"
    put(painter, upper, (text, face, _colour(role)), end=True)
    if high:
        text, role = states[1]
        lower = QRect(at.left(), at.center().y() + 2, at.width(), 16)
        put(painter, lower, (text, "state-small", _colour(role)), end=True)


def _colour(role: str) -> str:
    return "text2" if role == "secondary" else role


def paint_narrow(painter: QPainter, at: QRect, row: MomentRow, best_for: str) -> None:
    """A whole row but its poster: title, description, times and scores, one below the other."""
    left, right = at.left() + TEXT_LEFT, at.right() - EDGE
    description = one_line(row.description)
    top = at.top() + (at.height() - (52 if description else 35)) // 2
    for n, (text, role) in enumerate(states_of(row)):
        if n == 1 and not description:
            break
        room = min(wide(text, "state-small"), 104)
        line = QRect(right - room + 1, top + (0, 19)[n], room, 17)
        put(painter, line, (text, "state-small", _colour(role)), end=True)
    taken = [min(wide(text, "state-small"), 104) + 10 for text, _ in states_of(row)]
    first = QRect(left, top, right - left + 1 - taken[0], 19)
    put(painter, first, (title_of(row), "title-narrow", "text1"))
    if description:
        second = QRect(left, top + 19, right - left + 1 - (taken[1] if taken[1:] else 0), 17)
        put(painter, second, (description, "body", "text2"))
    _paint_figures(painter, QRect(left, top + (36 if description else 19), right - left + 1, 16),
                   row, best_for)  # fmt: skip


def _paint_figures(painter: QPainter, at: QRect, row: MomentRow, best_for: str) -> None:
    if row.warnings:
        text = "⚠" if len(row.warnings) == 1 else f"⚠ {len(row.warnings)}"
        put(painter, at, (text, "small", "proposal"), end=True)
        at = at.adjusted(0, 0, -wide(text, "small") - 6, 0)
    if mark := mark_of(row).removeprefix("edges "):
        put(painter, at, (mark, "small", "accent"), end=True)
        at = at.adjusted(0, 0, -wide(mark, "small") - 6, 0)
    runs: list[Run] = [(span(row.span.start, row.span.end), "time-small", "text2")]
    if row.score is not None:
        runs.append((score_text(row.score), "total-small", "text1"))
    channel = best_channel(row, best_for)
    if channel:
        text = f"{channel_of(channel).brief} {score_text(score_in(row, channel))}"
        runs.append((text, "small", "text1" if best_for else "text2"))
    put_runs(painter, at, runs, 10)


def paint_poster(
    painter: QPainter, at: QRect, row: MomentRow, poster: QPixmap | None, number: str
) -> None:
    """The poster with the length on it, and the number where no column shows it."""
    box = QRect(at.left() + EDGE, at.top() + (at.height() - 1 - POSTER[1]) // 2, *POSTER)
    if poster is not None:
        painter.drawPixmap(box.topLeft(), poster)
    else:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().line))
        painter.drawRoundedRect(box, 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    _badge(painter, box, length(row.span.duration), upper=False)
    if number:
        _badge(painter, box, number, upper=True)


def _badge(painter: QPainter, box: QRect, text: str, *, upper: bool) -> None:
    width = min(box.width(), wide(text, "badge") + 8)
    at = QRect(box.right() - width + 1, box.bottom() - 15, width, 16)
    if upper:
        at.moveTopLeft(box.topLeft())
    painter.fillRect(at, _BADGE)
    painter.setFont(font("badge"))
    painter.setPen(colour("#f2f4f6"))
    painter.drawText(at, _IN_MIDDLE, text)
