from __future__ import annotations

import sys
from pathlib import Path
from threading import Thread

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


def test_two_threads_never_load_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else each may be given half of a module for which it waits on the other.
    steps: list[str] = []
    monkeypatch.setattr(sys, "loading_steps", steps, raising=False)
    slowly = (
        "import sys, time\nsys.loading_steps.append('begun')\ntime.sleep(0.1)\n"
        "sys.loading_steps.append('done')\nHERE = 1\n"
    )
    package = tmp_path / "late_package"
    package.mkdir()
    for name in ("first", "second", "third"):
        (package / f"{name}.py").write_text(slowly)
    # As pydantic does: what is asked of the package loads the part that has it.
    (package / "__init__.py").write_text(
        "def __getattr__(name):\n    import late_package.third\n    return 3\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    modules = [late(name) for name in ("late_package.first", "late_package.second", "late_package")]
    threads = [Thread(target=getattr, args=(module, "HERE")) for module in modules]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert steps == ["begun", "done"] * 3
