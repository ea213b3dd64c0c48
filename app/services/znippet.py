"""Znippet Shorts as typed calls: contract part B, its retries, and its refusals as sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urljoin, urlsplit

from pydantic import BaseModel, ValidationError

from app.core.errors import ServiceError, Unreachable
from app.services import wire
from app.services.addresses import check_base_url, is_loopback, same_origin
from app.services.http import SMALL, Http, HttpAnswer, Later, NotSent
from app.services.local_process import RESTARTED
from app.services.nanoclip import LONGEST_WAIT, PATIENCE_HERE, Patience, short_name
from app.services.redact import redact
from app.services.wire_shorts import (
    AnalysisAnswer,
    AnalyzeAnswer,
    ErrorShape,
    RenderAccepted,
    RenderAnswer,
    RenderRequest,
    Service,
    UploadAnswer,
    UploadRequest,
    WordsRequest,
)
from app.services.wire_shorts_raw import analyze_body, raw_member, sampled
from app.services.znippet_refusals import FieldErrors, refusal

__all__ = ["FieldErrors", "Znippet"]

MOMENTS = 32 << 20
"""Bytes allowed in an analysis: hundreds of moments are some hundred kB."""

_AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses after which a question may be asked again (contract B4; 504 by 52)."""

_NOT_DONE = frozenset({429, 503})
"""Statuses that say a command was not carried out, so that it may be sent again."""

AnyModel = TypeVar("AnyModel", bound=BaseModel)

Told = Callable[[str], None]
"""Called with a few words while the client waits to send a command once more."""


def _untold(_stage: str) -> None:
    return


@dataclass(frozen=True)
class _Ask:
    """One request and what it does in words; `order` is its idempotency key, or ""."""

    method: str
    path: str
    doing: str
    body: bytes | None = None
    order: str = ""
    timeout: float = 60.0
    cap: int = SMALL
    told: Told = _untold


class Znippet:
    """The service at `base_url`, asked with `key`. Raises ServiceError with a sentence throughout.

    Questions are asked again by themselves; a command is sent again only where it has certainly
    not been carried out (no connection, 429, 503), the two paid ones like every other.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        device_id: str,
        http: Http,
        *,
        service: Service = "znippet",
        patience: Patience | None = None,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self.http = http
        self.service = service
        self._key = key
        self._device_id = device_id
        self._patience = patience or (PATIENCE_HERE if service == "local" else Patience())
        self._budget = http.budget(base_url) if service == "znippet" else None

    @property
    def name(self) -> str:
        """The service in a sentence, at its beginning."""
        return "Znippet" if self.service == "znippet" else "The local service"

    @property
    def loopback(self) -> bool:
        """Whether the service is on this computer, and so may name addresses on it."""
        return is_loopback(urlsplit(self.base_url).hostname)

    def credentials(self, url: str) -> dict[str, str]:
        """The headers by which the service knows the account; none for another server's `url`."""
        if not same_origin(url, self.base_url):
            return {}
        return {"Authorization": f"Bearer {self._key}", "X-Device-Id": self._device_id}

    async def create_upload(
        self, filename: str, content_type: str, size_bytes: int, seconds: float
    ) -> tuple[UploadAnswer, str]:
        """Where the bytes may go, and the untouched text of `upload` for `analyze`."""
        request = UploadRequest(
            file_name=short_name(filename),
            content_type=content_type,
            size_bytes=size_bytes,
            duration_seconds=seconds,
        )
        ask = _Ask("POST", "/uploads", f"take the upload ({content_type})", wire.body(request))
        raw = (await self._command(ask)).body
        found = self._read(UploadAnswer, raw)
        if found.method.upper() != "PUT":
            raise ServiceError(
                f"{self.name} wants the video by another method than PUT, so it was not uploaded.",
                "Report this to the service, or look for a newer version of Keeptake.",
                f"method {redact(found.method[:40])!r}",
            )
        return found, raw_member(raw, "upload")

    async def analyze(
        self, upload: str, settings: Mapping[str, Any], *, order: str = "", told: Told = _untold
    ) -> AnalyzeAnswer:
        """Command an analysis of the upload, whose text goes back as it came. Paid.

        order: an idempotency key, for the local service alone. Where the service refuses members
        of `upload` the six of its sample are sent instead, once (contract 4, 35).
        """
        ask = self._paid("/analyze", "find moments", analyze_body(upload, settings), order, told)
        try:
            answer = await self._command(ask)
        except FieldErrors as refused:
            if refused.status not in (400, 422) or not _about_upload(refused):
                raise
            body = analyze_body(sampled(upload), settings)
            ask = self._paid("/analyze", "find moments", body, order, told)
            answer = await self._command(ask)
        return self._read(AnalyzeAnswer, answer.body)

    async def analysis(self, job: str, status_path: str = "") -> tuple[bytes, AnalysisAnswer]:
        """An analysis in whatever state: the answer's bytes, and what they say."""
        path = status_path or f"/analyses/{_inside(job)}"
        ask = _Ask("GET", path, "show the moments", timeout=120.0, cap=MOMENTS)
        raw = (await self._question(ask)).body
        return raw, self._read(AnalysisAnswer, raw)

    async def render(
        self, job: str, numbers: list[int], *, order: str = "", told: Told = _untold
    ) -> RenderAccepted:
        """Command shorts of these moments of the analysis `job`. Paid. order: as in `analyze`."""
        path = f"/analyses/{_inside(job)}/render"
        body = wire.body(RenderRequest(moment_numbers=numbers))
        answer = await self._command(self._paid(path, "render the moments", body, order, told))
        return self._read(RenderAccepted, answer.body)

    async def renders(self, job: str, status_path: str = "") -> RenderAnswer:
        """A render in whatever state, with fresh links."""
        path = status_path or f"/renders/{_inside(job)}"
        answer = await self._question(_Ask("GET", path, "show the shorts", cap=MOMENTS))
        return self._read(RenderAnswer, answer.body)

    async def give_words(self, asset_id: str, filename: str, text: str) -> None:
        """Of the local service alone: the words at hand, before `analyze`."""
        request = WordsRequest(filename=short_name(filename), text=text)
        path = f"/uploads/{_inside(asset_id)}/words"
        await self._command(_Ask("POST", path, "read the words", wire.body(request)))

    async def cancel_analysis(self, job: str) -> None:
        """Of the local service alone: stop an analysis; as if it had not been started."""
        path = f"/analyses/{_inside(job)}/cancel"
        await self._command(_Ask("POST", path, "cancel the analysis"))

    async def cancel_render(self, job: str) -> None:
        """Of the local service alone: stop a render; what is finished stays."""
        path = f"/renders/{_inside(job)}/cancel"
        await self._command(_Ask("POST", path, "cancel the render"))

    def followed(self, status_url: str | None) -> str:
        """A `statusUrl` as the path to ask, or "" where it must not be followed (contract 4, 51).

        It is followed on this service's origin below its base path alone.
        """
        if not status_url or not status_url.isprintable() or "\\" in status_url:
            return ""
        base = urlsplit(self.base_url).path + "/"
        try:
            url = urljoin(self.base_url, status_url)
            parts = urlsplit(url)
            good = same_origin(url, self.base_url) and not parts.username and not parts.fragment
        except ValueError:
            return ""
        steps = unquote(parts.path).split("/")
        if not good or not parts.path.startswith(base) or {".", ".."} & set(steps):
            return ""
        tail = parts.path[len(base) - 1 :]
        return f"{tail}?{parts.query}" if parts.query else tail

    def _paid(self, path: str, doing: str, body: bytes, order: str, told: Told) -> _Ask:
        order = order if self.service == "local" else ""
        return _Ask("POST", path, doing, body, order, timeout=180.0, told=told)

    async def _question(self, ask: _Ask) -> HttpAnswer:
        return await self._send(ask, _AGAIN, Unreachable)

    async def _command(self, ask: _Ask) -> HttpAnswer:
        return await self._send(ask, _NOT_DONE, NotSent)

    async def _send(
        self, ask: _Ask, again: frozenset[int], unanswered: type[Unreachable]
    ) -> HttpAnswer:
        """Send, and send again after a status in `again` or an error that is an `unanswered`."""
        attempt, tries = 0, self._patience.tries
        while True:
            attempt += 1
            answer: HttpAnswer | None = None
            try:
                answer = await self._once(ask)
            except Unreachable as error:
                if not isinstance(error, unanswered) or attempt >= tries:
                    raise self._unanswered(error, ask) from error
                why = f"{self.name} cannot be reached"
            else:
                if 200 <= answer.status < 300:
                    return answer
                if answer.status not in again or attempt >= tries:
                    raise self._refusal(answer, ask)
                why = f"{self.name} is busy"
            after = answer.headers.get("retry-after") if answer else None
            wait = self._patience.wait(attempt, after)
            if self._budget and answer is not None and answer.status == 429:
                self._budget.pause(wait)
            if answer is not None and wait > LONGEST_WAIT:
                raise Later(self._refusal(answer, ask), wait)
            ask.told(f"{why}; asking again in {max(1, round(wait))} s")
            await self._patience.sleep(wait)

    async def _once(self, ask: _Ask) -> HttpAnswer:
        extra = {"Content-Type": "application/json", "X-Device-Id": self._device_id}
        if self._budget:
            await self._budget.turn()
        if ask.order:
            extra["Idempotency-Key"] = ask.order
        return await self.http.send(
            ask.method,
            self.base_url + ask.path,
            key=self._key,
            body=ask.body,
            timeout=ask.timeout,
            cap=ask.cap,
            extra=extra,
        )

    def _unanswered(self, error: Unreachable, ask: _Ask) -> Unreachable:
        if isinstance(error, NotSent):
            sentence = f"{self.name} could not be reached, so it was not asked to {ask.doing}."
        else:
            sentence = f"{self.name} was asked to {ask.doing}, but no answer came."
        hint = "Check the connection and try again."
        return type(error)(sentence, RESTARTED if self.service == "local" else hint, error.detail)

    def _refusal(self, answer: HttpAnswer, ask: _Ask) -> ServiceError:
        try:
            told = ErrorShape.model_validate_json(self._without_keys(answer.body))
        except ValidationError:  # a proxy's page, or nothing
            told = ErrorShape()
        detail = redact(self._without_keys(answer.body)[:4000].decode(errors="replace"))
        return refusal(self.name, answer.status, ask.doing, told.said, detail, told.fields)

    def _read(self, shape: type[AnyModel], raw: bytes) -> AnyModel:
        return wire.read(shape, self._without_keys(raw))

    def _without_keys(self, raw: bytes) -> bytes:
        """An answer that repeats what it was asked with is shown and kept without that."""
        for secret in (self._key, self._device_id):
            raw = raw.replace(secret.encode(), b"...") if secret else raw
        return raw


def _about_upload(refused: FieldErrors) -> bool:
    return any(field.partition(".")[0] == "upload" for field, _ in refused.issues)


def _inside(part: str) -> str:
    """An id as one step of a path, whatever it holds."""
    return quote(part, safe="") if part not in (".", "..") else part.replace(".", "%2E")
