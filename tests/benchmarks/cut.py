"""How long the cut takes, beside the time it takes to read the words once.

Each run has other decisions, as after an edit, so nothing remembered from the last run answers.
`read` adds up the start and end of every word: no cut that looks at all words can be faster.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from itertools import count

from app.core.cut import cut
from app.core.review import Decisions, Evidence, Footage, Retakes, Review
from app.core.timerange import SECOND, TimeRange, complement, merge
from app.core.transcript import Transcript, Word
from tests.benchmarks.report import report, summary, timed

LIMIT_MS = 8.0
"""A handler of the window may take this long (architecture, law 11)."""


def footage(words: int, gaps: int, strikes: int) -> Review:
    """Speech of 2.5 words a second, with as many proposals and struck spans as asked, spread."""
    chance = random.Random(1)
    said, at = [], SECOND
    for n in range(words):
        length = chance.randrange(80_000, 500_000)
        said.append(Word(f"word{n % 977}", at, at + length))
        at += length + chance.choice((0, 40_000, 120_000, 120_000, 900_000))
    spans = []
    for k in range(gaps + strikes):
        first = (2 * k + 1) * words // (2 * (gaps + strikes) + 2)
        spans.append(TimeRange(said[first].start, said[min(words - 1, first + 8)].end))
    whole = TimeRange(0, at + SECOND)
    keep = complement(merge(spans[::2][:gaps]), whole)
    evidence = Evidence(Footage(whole.end), Transcript(tuple(said)), retakes=Retakes((), (), keep))
    return Review(evidence, Decisions(strikes=merge(spans[1::2][:strikes])))


def measure(words: int, spans: int, times: int) -> dict[str, float]:
    """One case: `words` words, `spans` proposals and as many strikes."""
    review = footage(words, spans, spans)
    padding = count(80_000)

    def edited() -> None:
        cut(replace(review, decisions=replace(review.decisions, padding=next(padding))))

    def read() -> int:
        return sum(w.start + w.end for w in review.evidence.transcript.words)  # type: ignore[union-attr]

    (first,) = timed(lambda: cut(review), 1)
    made, floor = summary(timed(edited, times)), summary(timed(read, times))
    return {
        "words": words,
        "spans": spans * 2,
        "cuts": cut(review).cuts,
        "first_ms": round(first, 3),
        **{f"cut_{key}": value for key, value in made.items()},
        **{f"read_{key}": value for key, value in floor.items()},
    }


def main() -> None:
    """Print the line; --quick measures less often."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    times = 5 if parser.parse_args().quick else 40
    cases = [measure(1_000, 10, times), measure(10_000, 100, times), measure(100_000, 1_000, times)]
    largest = cases[-1]
    report(
        "cut",
        cases,
        {
            "cut_100k_words_median_ms": largest["cut_median_ms"],
            "cut_100k_words_max_ms": largest["cut_max_ms"],
            "cut_100k_words_first_ms": largest["first_ms"],
            "read_100k_words_median_ms": largest["read_median_ms"],
            "cut_to_read": round(largest["cut_median_ms"] / largest["read_median_ms"], 2),
            "limit_ms": LIMIT_MS,
        },
    )


if __name__ == "__main__":
    main()
