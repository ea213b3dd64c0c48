"""Whether settings will do: the table of `Settings` as a pydantic model, loaded when needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Annotated, Any, get_type_hints

from pydantic import ConfigDict, Field, ValidationError, create_model

from app.core.errors import StoreError
from app.services.settings import NAMES, Settings
from app.services.settings_table import ROWS

_types = get_type_hints(Settings)
_shapes: dict[str, Any] = {
    f.name: (Annotated[_types[f.name], Field(**f.metadata)], ...)
    for f in fields(Settings)
    if f.name in NAMES
}
_Model = create_model(
    "Settings",
    __config__=ConfigDict(strict=True, extra="allow", allow_inf_nan=False),
    **_shapes,
)


def checked(values: Mapping[str, Any]) -> Settings:
    """Settings of these values; raises StoreError naming the one that will not do."""
    try:
        return _settings(values)
    except ValidationError as problem:
        raise StoreError(
            "This setting was not taken: " + _reason(problem), "", str(problem)
        ) from problem


def most_of(values: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """The settings that will do, and the names of those that will not, which have defaults."""
    try:
        return _settings(values), []
    except ValidationError as problem:
        bad = sorted({str(e["loc"][0]) for e in problem.errors() if e["loc"]})
    return _settings({k: v for k, v in values.items() if k not in bad}), bad


def _settings(values: Mapping[str, Any]) -> Settings:
    model = _Model.model_validate({**Settings().values, **values})
    return Settings(**{n: getattr(model, n) for n in NAMES}, others=model.model_extra or {})


def _reason(problem: ValidationError) -> str:
    first = problem.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    label = next((row.label for row in ROWS if row.key == key), key)
    return f"{label}: {first['msg'][:1].lower()}{first['msg'][1:]}."
