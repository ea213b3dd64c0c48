"""Signed addresses for uploads: one project, one size, until a time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from app.local_service.shapes import Project

EXPIRES_IN = 3600
"""Seconds an address is good for, unless the service was started with another number."""


class Signer:
    """Signs with a key of this start: an address does not outlive the process it points to."""

    def __init__(self, expires_in: int = EXPIRES_IN) -> None:
        self.expires_in = expires_in
        self._key = secrets.token_bytes(32)

    def path(self, project: Project) -> str:
        """Path and query for the bytes of `project`."""
        expires = int(time.time()) + self.expires_in
        query = {"expires": str(expires), "signature": self._signature(project, str(expires))}
        return f"/uploads/{project.id}?{urlencode(query)}"

    def refusal(self, project: Project, query: Mapping[str, str]) -> str | None:
        """Why an upload may not begin, or None where the address is good."""
        expires = query.get("expires", "")
        given = query.get("signature", "")
        good = self._signature(project, expires)
        if not hmac.compare_digest(given.encode(), good.encode()):
            return "Signature does not match"
        if not expires.isdigit() or time.time() >= int(expires):
            return "Request has expired"
        return None

    def _signature(self, project: Project, expires: str) -> str:
        said = f"PUT\n{project.id}\n{project.content_type}\n{project.size_bytes}\n{expires}"
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()
