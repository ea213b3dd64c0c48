"""While a film is read nothing is collected; afterwards the interpreter is as it was."""

from __future__ import annotations

import gc

import pytest

from app.core import giving_way as module
from app.core.giving_way import giving_way


def test_the_interpreter_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = gc.get_freeze_count()
    with giving_way():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
    monkeypatch.setattr(module, "MANY", 10)
    with giving_way():
        kept = [[n] for n in range(1000)]
    assert gc.get_freeze_count() > frozen
    gc.unfreeze()
    assert len(kept) == 1000


def test_stretches_that_overlap_end_with_the_last_of_them() -> None:
    first, second, third = giving_way(), giving_way(), giving_way()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    third.__enter__()
    second.__exit__(None, None, None)
    assert not gc.isenabled()
    third.__exit__(None, None, None)
    assert gc.isenabled()


def test_where_nothing_is_collected_nothing_is_afterwards() -> None:
    gc.disable()
    try:
        with giving_way():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
