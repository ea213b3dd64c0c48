"""The person's decisions as one JSON row, and back: versioned, strict, complete.

Version 2 has what was said of moments; version 3 markers, paragraphs, colours, hidden people, the
padding of single cuts and what else to find. A row is written as the oldest version that holds all
that was said, which a Keeptake of before opens too; it refuses a newer row with a sentence.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app.core.also_find import LONGEST_PAUSE, SHORTEST_PAUSE, AlsoFind
from app.core.cut_edits import MOST_PADDING
from app.core.errors import StoreError
from app.core.marker_edits import MOST_NOTE
from app.core.markers import Marker, in_order
from app.core.moments import OwnMoment, Pick
from app.core.people_edits import COLOURS
from app.core.review import Decisions, Verdict
from app.core.timerange import TimeRange, merge
from app.services.store_schema import NewerError

VERSION = 3

_Time = Annotated[int, Field(ge=-(2**62), le=2**62)]
_Span = tuple[_Time, _Time]
_Word = Annotated[int, Field(ge=0, le=2**62)]
_Colour = Annotated[int, Field(ge=0, lt=COLOURS)]
_Padding = Annotated[int, Field(ge=0, le=MOST_PADDING)]
_Pause = Annotated[int, Field(ge=SHORTEST_PAUSE, le=LONGEST_PAUSE)]
_Note = Annotated[str, Field(max_length=MOST_NOTE)]
_MarkerKey = Annotated[str, Field(pattern=r"^mark/[1-9][0-9]{0,8}$")]
_OwnKey = Annotated[str, Field(pattern=r"^own/[1-9][0-9]{0,8}$")]


class _Fields(BaseModel):
    """Times in microseconds; ranges as `[start, end]`; unknown fields belong to a newer version."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, defer_build=True)

    version: int
    verdicts: dict[str, Literal["accepted", "restored", "undecided"]] = {}
    edges: dict[str, _Span] = {}
    splits: list[_Time] = []
    strikes: list[_Span] = []
    restores: list[_Span] = []
    # JSON has no integer keys: word indices go as pairs.
    corrections: list[tuple[int, str]] = []
    names: dict[str, str] = {}
    merged: dict[str, str] = {}
    padding: Annotated[int, Field(ge=0, le=60_000_000)]


class _First(_Fields):
    version: Literal[1]


class _WithMoments(_Fields):
    """own_moments: key, span and title of each, in the order they were made."""

    picks: dict[str, Literal["picked", "rejected", "undecided"]] = {}
    moment_edges: dict[str, _Span] = {}
    moment_titles: dict[str, str] = {}
    own_moments: list[tuple[_OwnKey, _Span, str]] = []


class _Second(_WithMoments):
    version: Literal[2]


class _Third(_WithMoments):
    """markers: key, span, text and colour of each. breaks, joins: word indices."""

    version: Literal[3]
    paddings: dict[str, _Padding] = {}
    pauses_over: _Pause | None = None
    fillers: bool = False
    markers: list[tuple[_MarkerKey, _Span, _Note, _Colour]] = []
    breaks: list[_Word] = []
    joins: list[_Word] = []
    colours: dict[str, _Colour] = {}
    hidden: list[str] = []


class _Named(BaseModel):
    """As much of any version as tells which one it is."""

    version: Annotated[int, Field(strict=True)]


_Row: TypeAdapter[_First | _Second | _Third] = TypeAdapter(
    Annotated[_First | _Second | _Third, Field(discriminator="version")],
    config=ConfigDict(defer_build=True),
)


def dump(decisions: Decisions) -> str:
    """The row's text; `load` gives equal decisions back."""
    row = _Third.model_construct(
        version=VERSION, **_first(decisions), **_of_moments(decisions), **_third(decisions)
    )
    for older in (_First, _Second):
        more = (name for name in _Third.model_fields if name not in older.model_fields)
        if not any(getattr(row, name) for name in more):
            fields = {name: getattr(row, name) for name in older.model_fields}
            number = 1 if older is _First else 2
            return older.model_construct(**{**fields, "version": number}).model_dump_json()
    return row.model_dump_json()


def _first(said: Decisions) -> dict[str, Any]:
    return {
        "verdicts": {key: verdict.value for key, verdict in said.verdicts.items()},
        "edges": {key: (r.start, r.end) for key, r in said.edges.items()},
        "splits": list(said.splits),
        "strikes": [(r.start, r.end) for r in said.strikes],
        "restores": [(r.start, r.end) for r in said.restores],
        "corrections": sorted((i, _clean(text)) for i, text in said.corrections.items()),
        "names": {key: _clean(name) for key, name in said.names.items()},
        "merged": dict(said.merged),
        "padding": said.padding,
    }


def _of_moments(said: Decisions) -> dict[str, Any]:
    return {
        "picks": {key: pick.value for key, pick in said.picks.items()},
        "moment_edges": {key: (r.start, r.end) for key, r in said.moment_edges.items()},
        "moment_titles": {key: _clean(text) for key, text in said.moment_titles.items()},
        "own_moments": [
            (m.key, (m.span.start, m.span.end), _clean(m.title)) for m in said.own_moments
        ],
    }


def _third(said: Decisions) -> dict[str, Any]:
    return {
        "paddings": dict(said.paddings),
        "pauses_over": said.also.pauses_over,
        "fillers": said.also.fillers,
        "markers": [
            (m.key, (m.range.start, m.range.end), _clean(m.text), m.colour) for m in said.markers
        ],
        "breaks": sorted(said.breaks),
        "joins": sorted(said.joins),
        "colours": dict(said.colours),
        "hidden": sorted(said.hidden),
    }


def _clean(text: str) -> str:
    """Half a surrogate pair, which a text field can hand over, cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load(text: str) -> Decisions:
    """Decisions from the row; raises StoreError where it is damaged, NewerError where newer."""
    try:
        row = _upgraded(_Row.validate_json(text))
        return Decisions(
            verdicts=MappingProxyType({key: Verdict(v) for key, v in row.verdicts.items()}),
            edges=MappingProxyType({key: TimeRange(*span) for key, span in row.edges.items()}),
            splits=tuple(sorted(row.splits)),
            strikes=merge(TimeRange(*span) for span in row.strikes),
            restores=merge(TimeRange(*span) for span in row.restores),
            corrections=MappingProxyType(dict(row.corrections)),
            names=MappingProxyType(row.names),
            merged=MappingProxyType(row.merged),
            padding=row.padding,
            picks=MappingProxyType({key: Pick(p) for key, p in row.picks.items()}),
            moment_edges=MappingProxyType(
                {key: TimeRange(*span) for key, span in row.moment_edges.items()}
            ),
            moment_titles=MappingProxyType(row.moment_titles),
            own_moments=tuple(OwnMoment(k, TimeRange(*r), t) for k, r, t in row.own_moments),
            paddings=MappingProxyType(row.paddings),
            also=AlsoFind(row.pauses_over, row.fillers),
            markers=in_order(tuple(Marker(k, TimeRange(*r), t, c) for k, r, t, c in row.markers)),
            breaks=frozenset(row.breaks),
            joins=frozenset(row.joins),
            colours=MappingProxyType(row.colours),
            hidden=frozenset(row.hidden),
        )
    except (ValidationError, ValueError) as problem:
        if _is_newer(text):
            raise NewerError(
                "The decisions in this project were saved by a newer Keeptake.",
                "It was left as it is; update Keeptake to open it.",
                str(problem),
            ) from problem
        raise StoreError(
            "The decisions in this project could not be read.",
            "The analyses in it are whole.",
            str(problem),
        ) from problem


def _upgraded(row: _First | _Second | _Third) -> _Third:
    """What an older version does not know of was not said: its fields are empty."""
    if isinstance(row, _Third):
        return row
    return _Third.model_construct(version=3, **{k: v for k, v in row if k != "version"})


def _is_newer(text: str) -> bool:
    try:
        return _Named.model_validate_json(text).version > VERSION
    except ValidationError:
        return False
