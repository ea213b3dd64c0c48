"""Links to finished shorts: no key, a signature in the address, good for a short time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.local_service.shorts_answers import refuse_shorts
from app.local_service.shorts_jobs import Clip, Render, ShortsJobs

PREVIEW = "/api/projects/preview"
"""As the contract's sample has it (B3)."""

LINK_EXPIRES = 600
"""Seconds a link is good for, unless the service was started with another number."""


class Links:
    """Signs with a key of this start: no link outlives the process it points to."""

    def __init__(self, jobs: ShortsJobs, expires_in: int = LINK_EXPIRES) -> None:
        self._jobs = jobs
        self._expires_in = expires_in
        self._key = secrets.token_bytes(32)

    def path(self, render: Render, clip: Clip) -> str:
        """A fresh link to the film of `clip`, from the origin on."""
        said = f"{render.id}.{clip.number}.{time.time() + self._expires_in:.3f}"
        return f"{PREVIEW}?token={said}.{self._signature(said)}"

    def links(self, render: Render, origin: str) -> dict[int, str]:
        """A fresh link for each clip that is ready, by number."""
        ready = (clip for clip in render.clips if clip.status == "ready")
        return {clip.number: origin + self.path(render, clip) for clip in ready}

    async def preview(self, request: Request) -> Response:
        """GET /api/projects/preview: the film, or any part of it."""
        said, _, signature = request.query_params.get("token", "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(said).encode()):
            return refuse_shorts(403, "The link is not valid")
        job_id, number, expires = said.split(".", 2)
        if time.time() >= float(expires):
            return refuse_shorts(403, "The link has expired")
        render = self._jobs.find_render(job_id)
        clip = next((c for c in render.clips if str(c.number) == number), None) if render else None
        if render is None or clip is None or not self._jobs.short(render, clip).exists():
            return refuse_shorts(404, "The short is not there any more")
        download = request.query_params.get("download") == "1"
        return FileResponse(
            self._jobs.short(render, clip),
            media_type="video/mp4",
            filename=f"short-{clip.number}.mp4",
            content_disposition_type="attachment" if download else "inline",
            headers={"Cache-Control": "private, no-store"},
        )

    def _signature(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), hashlib.sha256).hexdigest()
