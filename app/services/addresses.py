"""Which addresses a key, a video or a question may go to."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from app.core.errors import ServiceError
from app.services.redact import redact


def is_loopback(host: str | None) -> bool:
    """Whether `host` is this computer: "localhost" or a loopback address."""
    if host is None:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_base_url(url: str) -> str:
    """The address of a service without a trailing slash.

    Raises ServiceError unless it is https, or http on loopback, without user, query or fragment.
    """
    parts = _split(url)
    plain = parts is not None and not (parts.username or parts.query or parts.fragment)
    if parts is None or not plain or not _safe(parts, loopback_allowed=True):
        raise ServiceError(
            "The address of the service cannot be used, and nothing was sent to it.",
            "It must begin with https://, or with http:// on this computer.",
            redact(url),
        )
    return url.rstrip("/")


def check_signed_url(url: str, *, loopback_allowed: bool, of: str = "an upload") -> str:
    """`url` if it may be asked; raises ServiceError otherwise. of: what it is for.

    A service in the cloud may name public https hosts only, never this computer or its network.
    """
    parts = _split(url)
    if parts is None or parts.username or not _safe(parts, loopback_allowed=loopback_allowed):
        raise ServiceError(
            f"The service names an address of {of} that is not safe, and nothing was sent to it.",
            "Report this to the service.",
            redact(url),
        )
    return url


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        valid = parts.hostname is not None and parts.port != 0
    except ValueError:  # brackets without an address, or a port beyond 65535
        return None
    return parts if valid else None


def _safe(parts: SplitResult, *, loopback_allowed: bool) -> bool:
    host = parts.hostname or ""
    if is_loopback(host):
        return loopback_allowed and parts.scheme in ("http", "https")
    try:
        public = ip_address(host).is_global
    except ValueError:
        public = True
    return parts.scheme == "https" and public


def same_origin(url: str, other: str) -> bool:
    """Whether both are on one server: scheme, host and port."""
    a, b = _split(url), _split(other)
    return a is not None and b is not None and _origin(a) == _origin(b)


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    usual = 443 if parts.scheme == "https" else 80
    return parts.scheme, (parts.hostname or "").lower(), parts.port or usual
