"""What a person ordered, as values: how moments are to be found, and which shorts rendered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from app.core.moments import Framing
from app.core.timerange import TimeRange
from app.services.wire_shorts import PRESET, Analysing, Length, Service, Volume

Maker = Literal["znippet", "local", "here"]
"""Who renders: the two services, or this program by itself ("here")."""

MAKERS: tuple[Maker, ...] = ("znippet", "local", "here")

RecordState = Literal["planned", "asking", "unknown", "asked", "refused", "failed", "ended"]
ClipState = Literal["queued", "running", "ready", "failed", "missing", "downloaded", "gone"]

UNDER_WAY: frozenset[ClipState] = frozenset({"queued", "running"})


@dataclass(frozen=True)
class FindPlan:
    """What a person said yes to: the seven settings and who is asked (contract B3)."""

    service: Service
    framing: Framing = "subject"
    analysis: Analysing = "auto"
    length: Length = "mixed"
    volume: Volume = "focused"
    captions: bool = True
    preset: str = PRESET
    description: str = ""

    @property
    def settings(self) -> dict[str, Any]:
        """As the wire wants them; the optional ones only where something was given."""
        out: dict[str, Any] = {
            "framingMode": self.framing,
            "analysisMode": self.analysis,
            "highlightMode": self.length,
            "clipVolume": self.volume,
            "captionBurnIn": self.captions,
        }
        if self.preset:
            out["captionPresetId"] = self.preset
        if self.description:
            out["videoDescription"] = self.description
        return out

    @classmethod
    def of(cls, service: Service, settings: dict[str, Any]) -> FindPlan:
        """The plan whose `settings` these are."""
        return cls(
            service,
            settings["framingMode"],
            settings["analysisMode"],
            settings["highlightMode"],
            settings["clipVolume"],
            settings["captionBurnIn"],
            settings.get("captionPresetId", ""),
            settings.get("videoDescription", ""),
        )


@dataclass(frozen=True, slots=True)
class Clip:
    """One short of a render. key, number, title, span: the moment as it was ordered.

    path: where it was put, "" before; bytes: its size there. progress: 0 to 1 or None, in memory
    alone. name: the file name it is to have.
    """

    key: str
    number: int | None
    title: str
    span: TimeRange
    state: ClipState = "queued"
    error: str = ""
    path: str = ""
    bytes: int = 0
    progress: float | None = None
    name: str = ""


@dataclass(frozen=True)
class RenderRecord:
    """One order of shorts; listed for good. id: also the idempotency key at the local service.

    state: "planned" is written first, "asking" right before the paid command is sent, "asked"
    after its answer, "unknown" where it may have been carried out, "refused" where it certainly
    was not, "failed" and "ended" once nothing more comes. settings: as on the wire, for people to
    see. status_path: where the service said its state is. aside: the person stopped waiting.
    """

    id: str
    service: Maker
    analysis: str
    job: str
    settings: dict[str, Any]
    asked_at: str
    state: RecordState
    clips: tuple[Clip, ...]
    sentence: str = ""
    hint: str = ""
    status_path: str = ""
    aside: bool = False

    def clip(self, key: str) -> Clip:
        """The clip of that moment; raises KeyError."""
        for clip in self.clips:
            if clip.key == key:
                return clip
        raise KeyError(key)

    @property
    def numbers(self) -> list[int]:
        """The numbers a service is asked to render, each once, in order (contract 4, 49)."""
        return sorted({c.number for c in self.clips if c.number is not None})

    @property
    def kept(self) -> dict[str, Any]:
        """As JSON values, without what is in memory alone."""
        out = asdict(self)
        for clip in out["clips"]:
            del clip["progress"]
            clip["span"] = [clip["span"]["start"], clip["span"]["end"]]
        return out

    @classmethod
    def of(cls, kept: dict[str, Any]) -> RenderRecord:
        """The record that was `kept`."""
        clips = (Clip(**{**c, "span": TimeRange(*c["span"])}) for c in kept["clips"])
        return cls(**{**kept, "clips": tuple(clips)})
