from __future__ import annotations

import sys

import pytest

from app.core.late import late, load_late


def test_a_late_module_is_loaded_when_something_of_it_is_used() -> None:
    colours = late("colorsys")
    sys.modules.pop("colorsys", None)
    assert "colorsys" not in sys.modules
    assert colours.rgb_to_hsv(0.0, 0.0, 1.0) == (2 / 3, 1.0, 1.0)
    assert "colorsys" in sys.modules


def test_what_is_put_into_the_module_later_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    colours = late("colorsys")
    import colorsys

    monkeypatch.setattr(colorsys, "rgb_to_hsv", lambda *_: "changed")
    assert colours.rgb_to_hsv(0.0, 0.0, 1.0) == "changed"


def test_a_module_that_is_missing_is_missed_at_its_first_use() -> None:
    missing = late("no_module_of_this_name")
    with pytest.raises(ModuleNotFoundError):
        _ = missing.anything


def test_everything_named_of_a_package_can_be_loaded_before_it_is_used() -> None:
    late("json.tool")
    late("wave")
    for name in ("json.tool", "wave"):
        sys.modules.pop(name, None)
    load_late("json")
    assert "json.tool" in sys.modules
    assert "wave" not in sys.modules
