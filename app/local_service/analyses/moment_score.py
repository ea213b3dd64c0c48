"""What a stretch is worth by what can be measured of it, and how that is said."""

from __future__ import annotations

from app.core.channels import KNOWN, Channel
from app.core.timerange import SECOND, find
from app.local_service.analyses.content_words import tags
from app.local_service.analyses.moment_film import Film, Stretch

_BEGINS, _ENDS, _FLOWS, _DENSE, _STEADY = 15.0, 15.0, 15.0, 15.0, 10.0
_LENGTH, _FACES, _LOUD, _CALM = 10.0, 15.0, 5.0, 5.0
"""Weights of what is measured; where something is not known, the others count for more."""

_REMOVED = 60.0
"""Points that a stretch loses when all of it is said again later; part of it, part of them."""

_SHARED = 15.0
"""Weight of the words shared with the description, all of them or three, where there is one."""

_TITLE = 60
"""Characters of a title."""

_TELLING = 4
"""Words that a title has at least, where that many are said."""


def score(film: Film, stretch: Stretch, usual: tuple[int, int]) -> float:
    """0 to 100; usual: the lengths, in microseconds, that were asked for."""
    parts = [
        (_BEGINS, 1.0 if stretch.before is None else _up(stretch.before, 0.0, 0.8 * SECOND)),
        (_ENDS, _ends(stretch)),
        (_LENGTH, fit(stretch.span.duration, usual)),
    ]
    if film.words:
        parts += [
            (_FLOWS, 1 - _up(stretch.pause, 0.7 * SECOND, 4.0 * SECOND)),
            (_DENSE, min(_up(stretch.rate, 0.5, 2.2), 1 - _up(stretch.rate, 4.0, 6.0))),
            (_STEADY, 1 - _up(stretch.unsteady, 0.15, 0.8)),
        ]
    if stretch.faces is not None:
        parts.append((_FACES, stretch.faces))
        parts.append((_CALM, 1 - _up(stretch.cuts * SECOND / stretch.span.duration, 0.3, 1.0)))
    if stretch.louder is not None:
        parts.append((_LOUD, _up(stretch.louder, -4.0, 4.0)))
    if film.described:
        parts.append((_SHARED, min(1.0, len(stretch.shared) / min(3, len(film.described)))))
    points = 100 * sum(w * p for w, p in parts) / sum(w for w, _ in parts)
    points -= _REMOVED * min(1.0, stretch.removed / stretch.span.duration)
    return round(min(100.0, max(0.0, points)), 1)


def fit(length: int, usual: tuple[int, int]) -> float:
    """1 within the usual lengths, less the further outside, 0 at none at all."""
    low, high = usual
    if length < low:
        return length / low
    return high / length if length > high else 1.0


def channel_scores(points: float, length: int) -> dict[str, float]:
    """The score for each known channel: less where the length is not usual there."""
    return {c.key: round(points * (0.5 + 0.5 * _allowed(length, c)), 1) for c in KNOWN}


def _allowed(length: int, channel: Channel) -> float:
    if length < channel.least or (channel.most is not None and length > channel.most):
        return 0.0
    return fit(length, channel.usual)


def title(film: Film, stretch: Stretch) -> str:
    """The first words that are not said again, as many as fit; without words, when it is."""
    if not film.words:
        part = "Scene" if film.made_of == "scenes" else "Part"
        return f"{part} at {_clock(stretch.span.start)}"
    said: list[str] = []
    for unit in (u for u in film.units if stretch.first <= u.first < stretch.end):
        words = film.words[unit.first : unit.end]
        lasting = [w.text for w in words if find(film.removed, w.midpoint) is None]
        said += lasting
        # A title of two words says nothing yet.
        if len(said) >= _TELLING:
            break
    return _shortened(said or [w.text for w in film.words[stretch.first : stretch.end]])


def _shortened(words: list[str]) -> str:
    out = words[0][: 2 * _TITLE]
    for word in words[1:]:
        if len(out) + 1 + len(word) > _TITLE:
            out = out.rstrip(",;:–—- ") + "…"
            break
        out = f"{out} {word}"
    return out[:1].upper() + out[1:].rstrip(",;: ")


def describe(film: Film, stretch: Stretch, asked: tuple[int, int] | None) -> str:
    """What was measured and nothing else; asked: the lengths asked for where they do not hold."""
    parts = [_lead(film, stretch, asked)]
    if film.words:
        parts[0] += f", {_count(stretch.words, 'word')}, {stretch.rate:.1f} a second"
    if stretch.faces is not None:
        parts.append(f"a face in {100 * stretch.faces:.0f} % of it")
        if stretch.cuts:
            parts.append(_count(stretch.cuts, "cut"))
    if stretch.before is not None and stretch.before >= SECOND // 4 and film.words:
        parts.append(f"begins after a pause of {stretch.before / SECOND:.1f} s")
    if film.words and stretch.pause >= 2 * SECOND:
        parts.append(f"holds a pause of {stretch.pause / SECOND:.1f} s")
    if stretch.louder is not None and abs(stretch.louder) >= 1.5:
        way = "louder" if stretch.louder > 0 else "quieter"
        parts.append(f"{abs(stretch.louder):.0f} dB {way} than the film")
    if stretch.removed:
        parts.append(f"{stretch.removed / SECOND:.1f} s of it are said again later")
    if stretch.shared:
        named = ", ".join(f"“{w}”" for w in sorted(stretch.shared)[:3])
        parts.append(f"says {named} as your description does")
    return "; ".join(parts)


def tags_of(film: Film, stretch: Stretch) -> list[str]:
    """A few words that are said here more than elsewhere in the film."""
    return tags(film.contents[stretch.first : stretch.end], film.frequency)


def _lead(film: Film, stretch: Stretch, asked: tuple[int, int] | None) -> str:
    lead = ""
    match film.made_of:
        case "scenes":
            lead = "No words were found, so it lies between cuts of the picture: "
        case "parts":
            lead = "No words and no cuts were found, so it is an even part of the film: "
        case "sentences":
            pass
    if asked is not None:
        low, high = asked
        what = "Shorter" if stretch.span.duration < low else "Longer"
        lead = f"{what} than the {low // SECOND} to {high // SECOND} s asked for. {lead}"
    return f"{lead}{stretch.span.duration / SECOND:.0f} s"


def _ends(stretch: Stretch) -> float:
    quiet = 1.0 if stretch.after is None else _up(stretch.after, 0.0, 0.8 * SECOND)
    return 0.6 * stretch.complete + 0.4 * quiet


def _up(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high`, evenly between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _clock(t: int) -> str:
    minutes, seconds = divmod(t // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
