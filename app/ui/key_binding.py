"""Which keys do what once a person gave some other ones: conflicts, taking a key, going back."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QKeySequence

from app.ui.actions import TABLE, ActionRow

Keys = Mapping[str, tuple[str, ...]]
"""Action id -> portable key texts, of those that differ from the table."""

_TOGETHER = frozenset({"remove_selection", "restore_removed"})
"""These two share their keys: never can both be done."""


def bindable() -> tuple[ActionRow, ...]:
    """Every action that can have keys, in the order of the menus."""
    return tuple(row for row in TABLE if row.id != "recent")


def keys_of(row: ActionRow, bound: Keys) -> tuple[str, ...]:
    """The keys of a row now."""
    return bound.get(row.id, row.keys)


def holders(key: str, row: ActionRow, bound: Keys) -> tuple[ActionRow, ...]:
    """The other actions that have this key."""
    wanted = QKeySequence(key)
    return tuple(
        other
        for other in bindable()
        if other.id != row.id
        and not {other.id, row.id} <= _TOGETHER
        and any(QKeySequence(k) == wanted for k in keys_of(other, bound))
    )


def given(key: str, row: ActionRow, bound: Keys) -> Keys:
    """`row` has this key alone; whoever had it has it no more."""
    out = dict(bound)
    for other in holders(key, row, bound):
        left = tuple(k for k in keys_of(other, bound) if QKeySequence(k) != QKeySequence(key))
        out[other.id] = left
    out[row.id] = (key,)
    return tidy(out)


def without(row: ActionRow, bound: Keys) -> Keys:
    """`row` has no key."""
    return tidy({**bound, row.id: ()})


def reset(row: ActionRow, bound: Keys) -> Keys:
    """`row` has the table's keys again; whoever was given one of them has it no more."""
    out: Keys = {k: v for k, v in bound.items() if k != row.id}
    for key in row.keys:
        for other in holders(key, row, out):
            kept = keys_of(other, out)
            left = tuple(k for k in kept if QKeySequence(k) != QKeySequence(key))
            out = {**out, other.id: left}
    return tidy(out)


def tidy(bound: Keys) -> Keys:
    """Without what the table says anyway, and without what is no action."""
    table = {row.id: row.keys for row in bindable()}
    return {k: tuple(v) for k, v in bound.items() if k in table and tuple(v) != table[k]}
