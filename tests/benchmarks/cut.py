"""How long the cut takes, beside the time it takes to read the words once.

Each run has other decisions, as after an edit, so nothing remembered from the last run answers:
`strike` moves the end of one struck span, `padding` sets another padding, which moves every edge.
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
    step = count(1)
    middle = len(review.decisions.strikes) // 2

    def strike() -> None:
        strikes = list(review.decisions.strikes)
        strikes[middle] = TimeRange(strikes[middle].start, strikes[middle].end - next(step))
        cut(replace(review, decisions=replace(review.decisions, strikes=tuple(strikes))))

    def padding() -> None:
        wider = review.decisions.padding + next(step)
        cut(replace(review, decisions=replace(review.decisions, padding=wider)))

    def read() -> int:
        return sum(w.start + w.end for w in review.evidence.transcript.words)  # type: ignore[union-attr]

    (first,) = timed(lambda: cut(review), 1)
    results = {
        "strike": summary(timed(strike, times)),
        "padding": summary(timed(padding, times)),
        "read": summary(timed(read, times)),
    }
    return {
        "words": words,
        "spans": spans * 2,
        "cuts": cut(review).cuts,
        "first_ms": round(first, 3),
        **{f"{of}_{key}": value for of, found in results.items() for key, value in found.items()},
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
            "first_100k_words_ms": largest["first_ms"],
            "strike_100k_words_median_ms": largest["strike_median_ms"],
            "strike_100k_words_max_ms": largest["strike_max_ms"],
            "padding_100k_words_median_ms": largest["padding_median_ms"],
            "read_100k_words_median_ms": largest["read_median_ms"],
            "strike_to_read": round(largest["strike_median_ms"] / largest["read_median_ms"], 2),
            "limit_ms": LIMIT_MS,
        },
    )


if __name__ == "__main__":
    main()
