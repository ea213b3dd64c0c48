"""NanoClip as typed calls: contract part A, its retries, and its refusals as sentences."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ValidationError

from app.core.errors import ServiceError, Unreachable
from app.services import waking, wire
from app.services.http import LARGE, SMALL, Http, HttpAnswer, Later, NotSent, check_base_url
from app.services.local_process import RESTARTED
from app.services.redact import plain, redact, says
from app.services.when import told

BASE_URL = "https://api.nanoclip.ai"
"""Where the cloud answers unless `NANOCLIP_BASE_URL` says otherwise."""

LONGEST_WAIT = 600.0
"""Seconds that a request waits by itself; a Retry-After beyond that is told, with its time."""

UPLOAD = "/v1/projects/upload"
PATHS: dict[wire.Kind, str] = {
    "transcript": "transcript",
    "vision": "vision",
    "retakes": "retake-removal",
}
TITLES: dict[wire.Kind, str] = {
    "transcript": "the transcript",
    "vision": "the vision analysis",
    "retakes": "the retake analysis",
}
_SCOPES: dict[wire.Kind, str] = {
    "transcript": "transcript",
    "vision": "vision",
    "retakes": "retake_removal",
}
_COMMANDS: dict[wire.Kind, type[wire.Command]] = {
    "transcript": wire.TranscriptCommandResponse,
    "vision": wire.VisionCommandResponse,
    "retakes": wire.RetakeRemovalCommandResponse,
}
_AGAIN = frozenset({429, 500, 502, 503, 504})
"""Statuses after which a question may be asked again."""

_NOT_DONE = frozenset({429, 503})
"""Statuses that say the command was not carried out, so that it may be sent again."""

AnyModel = TypeVar("AnyModel", bound=BaseModel)


@dataclass(frozen=True)
class Patience:
    """How often and how long the client waits by itself; full jitter between `first` and `longest`.

    tries: requests in all. sleep, chance and now are parameters so that tests need not wait.
    """

    tries: int = 5
    first: float = 2.0
    longest: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = waking.sleep
    chance: Callable[[], float] = random.random
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def wait(self, attempt: int, retry_after: str | None) -> float:
        """Seconds to wait after try number `attempt` (from 1), as the service asks or by jitter."""
        asked = retry_after_seconds(retry_after, self.now())
        if asked is not None:
            return asked
        return self.chance() * min(self.longest, self.first * 2.0 ** (attempt - 1))


PATIENCE_HERE = Patience(tries=3, first=0.2, longest=1.0)
"""For the service on this computer: where it cannot be reached its process has ended, and another
one has another address."""


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Retry-After in either form as seconds from `now`, at least 0; None where it is neither."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


@dataclass(frozen=True)
class _Ask:
    """One request: what it does in words, and the permission it needs."""

    method: str
    path: str
    doing: str
    scope: str
    body: bytes | None = None
    timeout: float = 60.0
    cap: int = SMALL


class NanoClip:
    """The service at `base_url`, asked with `key`. Raises ServiceError with a sentence throughout.

    Questions are asked again by themselves; a command is sent again only where it has certainly
    not been carried out (no connection, 429, 503). Whoever commands something paid looks at its
    result before commanding it once more.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        http: Http,
        *,
        service: wire.Service = "nanoclip",
        patience: Patience | None = None,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self.http = http
        self.service = service
        self._key = key
        self._patience = patience or (PATIENCE_HERE if service == "local" else Patience())
        self._budget = http.budget(base_url) if service == "nanoclip" else None

    @property
    def name(self) -> str:
        """The service in a sentence, at its beginning."""
        return "NanoClip" if self.service == "nanoclip" else "The local service"

    @property
    def host(self) -> str | None:
        """The host of the service, to tell this computer from others."""
        return urlsplit(self.base_url).hostname

    async def me(self) -> wire.MeResponse:
        """Prices, balance, limits and usage; needs no permission. Costs nothing, asked twice."""
        ask = _Ask("GET", "/v1/me", "say its prices", "", timeout=20.0)
        return self._read(wire.MeResponse, await self._question(ask, tries=2))

    async def create_upload(
        self, filename: str, content_type: str, size_bytes: int
    ) -> wire.UploadProjectResponse:
        """A new project and the address for its bytes. Never sent twice: each makes a project."""
        request = wire.UploadProjectRequest(
            filename=short_name(filename), content_type=content_type, size_bytes=size_bytes
        )
        doing = f"take the upload ({content_type})"
        ask = _Ask(
            "POST",
            UPLOAD,
            doing,
            "projects:write",
            request.model_dump_json().encode(),
        )
        return self._read(wire.UploadProjectResponse, await self._command(ask))

    async def complete_upload(self, project_id: str) -> wire.CompleteUploadResponse:
        """Say that the bytes are there; the service looks into them, which may take minutes."""
        path = f"{_project(project_id)}/upload/complete"
        ask = _Ask("POST", path, "complete the upload", "projects:write", timeout=180.0)
        return self._read(wire.CompleteUploadResponse, await self._command(ask))

    async def project(self, project_id: str) -> wire.ProjectDetailResponse:
        """The project as it stands."""
        ask = _Ask("GET", _project(project_id), "show the project", "projects:read")
        return self._read(wire.ProjectDetailResponse, await self._question(ask))

    async def start_transcript(
        self, project_id: str, language: str, *, diarize: bool
    ) -> wire.Command:
        """Command a transcript with all outputs. Paid."""
        request = self._request(wire.TranscriptionRequest, language=language, diarize=diarize)
        return await self._start("transcript", project_id, request)

    async def start_vision(self, project_id: str) -> wire.Command:
        """Command faces, face tracks and scenes. Paid."""
        return await self._start("vision", project_id, wire.FaceDetectionRequest())

    async def start_retakes(self, project_id: str, language: str) -> wire.Command:
        """Command retake removal. Paid."""
        request = self._request(wire.RetakeRemovalRequest, language=language)
        return await self._start("retakes", project_id, request)

    async def result(self, kind: wire.Kind, project_id: str) -> bytes:
        """The result's bytes in whatever state; ServiceError 404 where it perhaps never started,
        wire.NotJsonError for a page in its place.

        `parsing.Parser` reads them, since a finished result may be large.
        """
        ask = _Ask(
            "GET",
            f"{_project(project_id)}/{PATHS[kind]}",
            f"show {TITLES[kind]}",
            f"{_SCOPES[kind]}:read",
            timeout=300.0,
            cap=LARGE,
        )
        raw = (await self._question(ask)).body
        if raw[:64].lstrip()[:1] != b"{":
            wire.read(wire.Result, raw[:64])
        return raw

    async def give_captions(self, project_id: str, filename: str, text: str) -> None:
        """Of the local service alone: captions found beside the video, before the transcript."""
        request = wire.CaptionsRequest(filename=short_name(filename), text=text)
        path = f"{_project(project_id)}/captions"
        ask = _Ask("POST", path, "read the captions", "", request.model_dump_json().encode())
        await self._command(ask)

    async def cancel(self, kind: wire.Kind, project_id: str) -> None:
        """Of the local service alone: stop an analysis that runs; as if it had not been started."""
        path = f"{_project(project_id)}/{PATHS[kind]}/cancel"
        await self._command(_Ask("POST", path, f"cancel {TITLES[kind]}", ""))

    async def _start(self, kind: wire.Kind, project_id: str, request: BaseModel) -> wire.Command:
        path = f"{_project(project_id)}/{PATHS[kind]}"
        scope = f"{_SCOPES[kind]}:write"
        ask = _Ask("POST", path, f"start {TITLES[kind]}", scope, request.model_dump_json().encode())
        return self._read(_COMMANDS[kind], await self._command(ask))

    async def _question(self, ask: _Ask, tries: int | None = None) -> HttpAnswer:
        return await self._send(ask, _AGAIN, Unreachable, tries or self._patience.tries)

    async def _command(self, ask: _Ask) -> HttpAnswer:
        return await self._send(ask, _NOT_DONE, NotSent, self._patience.tries)

    async def _send(
        self, ask: _Ask, again: frozenset[int], unanswered: type[Unreachable], tries: int
    ) -> HttpAnswer:
        """Send, and send again after a status in `again` or an error that is an `unanswered`."""
        attempt = 0
        while True:
            attempt += 1
            answer: HttpAnswer | None = None
            if self._budget:
                await self._budget.turn()
            try:
                answer = await self.http.send(
                    ask.method,
                    self.base_url + ask.path,
                    key=self._key,
                    body=ask.body,
                    timeout=ask.timeout,
                    cap=ask.cap,
                )
            except Unreachable as error:
                if not isinstance(error, unanswered) or attempt >= tries:
                    raise self._unanswered(error, ask) from error
            if answer is not None:
                if 200 <= answer.status < 300:
                    return answer
                refused = self._refusal(answer, ask)
                if answer.status not in again or attempt >= tries:
                    raise refused
                if answer.status == 429 and ask.method == "POST" and attempt == 1:
                    await self._stop_at_daily_limit(refused, ask)
            after = answer.headers.get("retry-after") if answer else None
            wait = self._patience.wait(attempt, after)
            if answer is not None and wait > LONGEST_WAIT:
                raise Later(self._refusal(answer, ask), wait)
            if self._budget and answer is not None and answer.status == 429:
                self._budget.pause(wait)
            await self._patience.sleep(wait)

    def _unanswered(self, error: Unreachable, ask: _Ask) -> Unreachable:
        if isinstance(error, NotSent):
            sentence = f"{self.name} could not be reached, so it was not asked to {ask.doing}."
        else:
            sentence = (
                f"{self.name} was asked to {ask.doing}, but no answer came, so it is not known "
                "whether the request arrived."
            )
        hint = RESTARTED if self.service == "local" else error.hint
        return type(error)(sentence, hint, error.detail)

    async def _stop_at_daily_limit(self, refused: ServiceError, asked: _Ask) -> None:
        """Raise at once where the day's allowance is used up: waiting a minute is no use."""
        try:
            ask = _Ask("GET", "/v1/me", "say its limits", "", timeout=10.0)
            me = self._read(wire.MeResponse, await self._question(ask, tries=1))
        except ServiceError:
            return
        used, limits = me.usage_today, me.limits
        if asked.path == UPLOAD:
            used_up = used.projects_created >= limits.projects_per_day
        else:
            used_up = used.analysis_commands >= limits.analysis_commands_per_day
        if used_up and not asked.path.endswith("/complete"):
            raise ServiceError(
                f"{self.name}'s limit for today is used up, and nothing was started.",
                f"It begins anew at {told(used.day_resets_at)}. Then use Retry Job.",
                refused.detail,
                429,
            )

    def _read(self, shape: type[AnyModel], answer: HttpAnswer) -> AnyModel:
        return wire.read(shape, answer.body)

    def _request(self, shape: type[AnyModel], **fields: object) -> AnyModel:
        try:
            return shape.model_validate(fields)
        except ValidationError as error:
            raise ServiceError(
                f"{self.name} has no such language, so nothing was sent.",
                f"Choose one of {', '.join(wire.LANGUAGES)}.",
                str(error),
                422,
            ) from error

    def _refusal(self, answer: HttpAnswer, ask: _Ask) -> ServiceError:
        said = _said(answer)
        sentence, hint = sentences(self.name, answer.status, ask.doing, ask.scope, said)
        detail = redact(answer.body[:4000].decode(errors="replace"), (self._key,))
        return ServiceError(sentence, hint, detail, answer.status)


def sentences(name: str, status: int, doing: str, scope: str, said: str) -> tuple[str, str]:
    """What a refusal means (contract A8): what happened and what is safe; what to do.

    name: the service. doing: "start the transcript". scope: the permission it needs, or "".
    said: the service's own words as plain text, or "".
    """
    quoted = says(said)
    match status:
        case 400:
            return (
                f"{name} refused to {doing}: the request breaks one of its rules.{quoted} "
                "Nothing was started.",
                "Trying again unchanged will not help; change the settings or report this.",
            )
        case 401:
            return (
                f"{name} does not accept the key, so it did not {doing}. Nothing was charged.",
                "Check the key in File > Settings…, then use Retry Job.",
            )
        case 402:
            return (
                f"The workspace has not enough credit to {doing}.{quoted} "
                "Nothing was queued and nothing was charged.",
                "Add credit at NanoClip, then use Retry Job; the upload is kept.",
            )
        case 403:
            lacking = f" It lacks the permission “{scope}”." if scope else ""
            return (
                f"The key may not {doing}.{lacking} Nothing was started.",
                "Use a key with that permission in File > Settings…, then Retry Job.",
            )
        case 404:
            return (
                f"{name} does not know this project or analysis for this key.{quoted} "
                "What was received before is kept here.",
                "Use the key it was made with, or analyse again, which uploads and charges anew.",
            )
        case 409:
            return (
                f"{name} cannot {doing} yet: the project is in another state.{quoted} "
                "Nothing was started.",
                "Use Retry Job: it completes the upload first.",
            )
        case _:
            return _more_sentences(name, status, doing, quoted)


def _more_sentences(name: str, status: int, doing: str, quoted: str) -> tuple[str, str]:
    match status:
        case 413:
            return (
                f"{name} does not take a video of this size.{quoted} Nothing was uploaded.",
                "Use Analyse… and choose a smaller copy under Upload; the cut uses the original.",
            )
        case 415:
            return (
                f"{name} does not {doing}: it does not take files of this kind.{quoted} "
                "Nothing was uploaded.",
                "Use Analyse… and choose a copy under Upload, which is an MP4.",
            )
        case 422:
            return (
                f"{name} refused to {doing}: something in the request is not supported.{quoted} "
                "Nothing was started.",
                "Choose another language or analysis; audio alone has a transcript only.",
            )
        case 429:
            return (
                f"{name} takes no more requests for now, so it did not {doing}.{quoted} "
                "Nothing was lost.",
                "Wait a few minutes, or until tomorrow for a daily limit, then use Retry Job.",
            )
        case 503:
            return (
                f"{name} could not {doing} just now.{quoted} Nothing was lost.",
                "Wait a little, then use Retry Job.",
            )
        case _ if status >= 500:
            return (
                f"{name} failed inside ({status}) when asked to {doing}.{quoted} "
                "Whether it was done is looked up before anything is asked again.",
                "Wait a little, then use Retry Job.",
            )
        case _ if 300 <= status < 400:
            return (
                f"{name} sends Keeptake to another address ({status}), which is not followed: "
                "the key goes nowhere else.",
                "Check the service's address in the settings.",
            )
        case _:
            return (
                f"{name} refused to {doing} ({status}).{quoted} Nothing was changed here.",
                "Look at the details; if they do not help, report them.",
            )


def short_name(filename: str) -> str:
    """`filename` in at most 255 characters, its suffix kept; never empty."""
    filename = filename.encode("utf-8", "replace").decode()
    if len(filename) <= 255:
        return filename or "video"
    stem, dot, suffix = filename.rpartition(".")
    if not dot or len(suffix) > 20:
        return filename[:255]
    return f"{stem[: 254 - len(suffix)]}.{suffix}"


def _project(project_id: str) -> str:
    return f"/v1/projects/{quote(project_id, safe='')}"


def _said(answer: HttpAnswer) -> str:
    try:
        return plain(redact(wire.ErrorBody.model_validate_json(answer.body).said))
    except ValidationError:
        return ""
