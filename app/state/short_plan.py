"""What a short rendered on this computer is made of: the kept spans, the crop, the captions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.late import late
from app.core.moment_checks import kept_in
from app.core.moments import Framing
from app.core.people import people
from app.core.review import Review
from app.core.timerange import Ranges, TimeRange

if TYPE_CHECKING:
    from app.core import reframe
    from app.core.reframe import Framed
    from app.interchange import burned_captions
    from app.media import short
    from app.media.short import Short
else:
    burned_captions = late("app.interchange.burned_captions")
    reframe = late("app.core.reframe")
    short = late("app.media.short")


@dataclass(frozen=True)
class ShortForm:
    """The form of a short made here.

    cuts: leave out what the project removes. person: key of the person to keep in the picture, ""
    for whoever is seen longest and largest.
    """

    framing: Framing = "subject"
    captions: bool = True
    cuts: bool = True
    person: str = ""


def framed(review: Review, span: TimeRange, framing: Framing, person: str = "") -> Framed:
    """The crop of a span, from the faces and scenes at hand."""
    evidence = review.evidence
    footage = evidence.footage
    wanted = next((p.track_ids for p in people(review) if p.key == person), frozenset[int]())
    size = (footage.width, footage.height)
    return reframe.frame_up(evidence.faces, evidence.cuts, size, span, framing, only=wanted)


def short_plan(review: Review, span: TimeRange, form: ShortForm) -> Short:
    """Everything the renderer needs; `keep` is empty where all of the span is removed."""
    keep: Ranges = kept_in(review, span) if form.cuts else (span,)
    crop = framed(review, span, form.framing, form.person)
    captions = ""
    if form.captions:
        transcript = review.evidence.transcript
        rtl = transcript is not None and transcript.right_to_left
        captions = burned_captions.burned_captions(
            burned_captions.words_of(review, span),
            keep,
            right_to_left=rtl,
            seam=burned_captions.seam_of(crop),
        )
    return short.Short(keep, crop, captions)
