"""What a refusal of Znippet Shorts, or of the local service in its place, means in sentences."""

from __future__ import annotations

from app.core.errors import ServiceError
from app.services.http import NotSent
from app.services.redact import says


class FieldErrors(ServiceError):  # noqa: N818 - it names what the service said
    """A refusal that says which fields it is about.

    issues: (field as the wire names it, message); shown beside the fields of a form.
    """

    def __init__(
        self,
        sentence: str,
        hint: str,
        detail: str,
        status: int | None,
        issues: tuple[tuple[str, str], ...],
    ) -> None:
        super().__init__(sentence, hint, detail, status)
        self.issues = issues


def refusal(
    name: str, status: int, doing: str, said: str, detail: str, issues: tuple[tuple[str, str], ...]
) -> ServiceError:
    """The error for an answer that is no success; with FieldErrors where fields are named."""
    sentence, hint = sentences(name, status, doing, said)
    if issues:
        return FieldErrors(sentence, hint, detail, status, issues)
    return ServiceError(sentence, hint, detail, status)


def sentences(name: str, status: int, doing: str, said: str) -> tuple[str, str]:
    """What happened and what is safe; what to do (contract B4, and 52 for what it leaves open).

    name: the service. doing: "find moments". said: its own words as plain text, or "".
    """
    quoted = says(said)
    match status:
        case 400 | 422:
            return (
                f"{name} refused to {doing}: something in the request is not accepted.{quoted} "
                "Nothing was started.",
                "Trying again unchanged will not help; change the settings.",
            )
        case 401:
            return (
                f"{name} does not accept the license key, so it did not {doing}.{quoted}",
                "Check the key in File > Settings…, then try again.",
            )
        case 402:
            return (
                f"{name} did not {doing}: the account does not cover it.{quoted}",
                "Look at the account at Znippet, then try again; what was uploaded is kept.",
            )
        case 403:
            return (
                f"{name} does not allow this license key to {doing}.{quoted}",
                "Look at the account at Znippet; a license may be bound to a number of devices.",
            )
        case 404 | 410:
            return (
                f"{name} does not know this any more, so it did not {doing}.{quoted} "
                "What was received before is kept here.",
                "Use the license key it was made with, or find moments anew.",
            )
        case 409:
            return (
                f"{name} cannot {doing} in the state it is in.{quoted} Nothing was started.",
                "Wait a little, then try again.",
            )
        case 413:
            return (
                f"{name} does not take a video of this size.{quoted} Nothing was uploaded.",
                "Use a smaller copy, such as 1080p at 4 Mbps.",
            )
        case 415:
            return (
                f"{name} does not take files of this kind.{quoted} Nothing was uploaded.",
                "Convert the video to MP4 and open that.",
            )
        case _:
            return _more_sentences(name, status, doing, quoted)


def _more_sentences(name: str, status: int, doing: str, quoted: str) -> tuple[str, str]:
    match status:
        case 429 | 503:
            return (
                f"{name} takes no more requests for now, so it did not {doing}.{quoted} "
                "Nothing was lost.",
                "Wait a few minutes, then try again.",
            )
        case _ if status >= 500:
            return (
                f"{name} failed inside ({status}) when asked to {doing}.{quoted}",
                "Wait a little, then try again.",
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


def in_doubt(error: ServiceError) -> bool:
    """Whether a paid command may have been carried out although no good answer came.

    A 2xx that cannot be read and a redirect count too: something took the request.
    """
    if isinstance(error, NotSent):
        return False
    status = error.status
    return status is None or status < 400 or status == 408 or (status >= 500 and status != 503)
