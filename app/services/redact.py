"""Text made safe to log or show: no keys, no signed addresses, no control characters."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable

from typing_extensions import override

_BEARER = re.compile(r"(?i)\b(bearer)\s+[^\s\"',;]+")
_ADDRESS = re.compile(r"(?i)\b(https?)://[^\s\"'<>\\]+")
_SIGNATURE = re.compile(
    r"(?i)\b([\w-]*(?:signature|credential|security-token|api[-_]?key|token|secret)[\w-]*)="
    r"[^\s&\"'<>]+"
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` without addresses beyond their host, bearer keys, signatures and `secrets`."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    text = _BEARER.sub(r"\1 …", text)
    text = _ADDRESS.sub(_host_only, text)
    return _SIGNATURE.sub(r"\1=…", text)


def plain(text: str, longest: int = 300) -> str:
    """A service's text as one harmless line: no control or direction characters."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or _printable(c))
    return " ".join(kept.split())[:longest]


def says(said: str) -> str:
    """What a service says, as `plain` gives it, as a sentence to go behind one; "" for nothing."""
    end = "" if said.endswith((".", "!", "?", "…")) else "."
    return f" It says: “{said}{end}”" if said else ""


def _printable(c: str) -> bool:
    return unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _host_only(match: re.Match[str]) -> str:
    rest = match.group(0).split("://", 1)[1]
    host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    return f"{match.group(1)}://{host}/…" if len(rest) > len(host) else f"{match.group(1)}://{host}"


class RedactingFilter(logging.Filter):
    """For handlers, not loggers: a record is rewritten whoever logged it, its traceback too."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = {s for s in secrets if s}

    def add(self, secret: str) -> None:
        """Take `secret` out of every record from now on."""
        if secret:
            self._secrets.add(secret)

    def clean(self, text: str) -> str:
        """A text that leaves the program by a person's hand, as safe as a record."""
        return redact(text, self._secrets)

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record's message, arguments and traceback are made safe in place."""
        record.msg = redact(record.getMessage(), self._secrets)
        record.args = None
        if record.exc_info:
            text = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = redact(text, self._secrets)
            record.exc_info = None
        return True
