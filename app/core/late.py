"""Modules that are loaded when something of them is first used, so that the window comes sooner."""

from __future__ import annotations

import importlib
from types import ModuleType

from typing_extensions import override


class _Late(ModuleType):
    """Stands for a module; Python's own import lock makes it safe to use from several threads."""

    @override
    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.__dict__.get("__loaded")
        if module is None:
            module = self.__dict__["__loaded"] = importlib.import_module(self.__name__)
        return getattr(module, name)


_named: set[str] = set()


def late(name: str) -> ModuleType:
    """The module `name`, imported at the first use of an attribute; raises ImportError then.

    Written beside `if TYPE_CHECKING: import name`, which type checker and import contracts read.
    """
    _named.add(name)
    return _Late(name)


def load_late(package: str) -> None:
    """Import what was named so far, and what that names, of one package; for a thread.

    A first use on the GUI thread then finds it there and waits for nothing.
    """
    done: set[str] = set()
    while left := sorted(n for n in _named - done if n.startswith(f"{package}.")):
        done.update(left)
        for name in left:
            importlib.import_module(name)
