"""The errors a person may see.

KeeptakeError
 +- MediaError      the video, or what is needed to play or read it
 +- ServiceError    a service refused, failed, or answered something else than its contract
 |   +- Unreachable     no answer came, so it is not known whether the request arrived
 +- StoreError      project, settings or credential store
 +- ExportError     writing the result

Anything else that is raised is a bug and is loud.
"""

from typing_extensions import override


class KeeptakeError(Exception):
    """A failure told in sentences.

    sentence: what happened and what is safe, one or two full sentences.
    hint: what to do now; may be empty.
    detail: the raw answer or technical text, shown on request only.
    """

    def __init__(self, sentence: str, hint: str = "", detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        self.detail = detail

    @override
    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class MediaError(KeeptakeError):
    """The video, or the program that reads it, is missing or cannot be used."""


class ServiceError(KeeptakeError):
    """A service refused, failed or broke its contract.

    status: the HTTP status, or None where there was none.
    """

    def __init__(
        self, sentence: str, hint: str = "", detail: str = "", status: int | None = None
    ) -> None:
        super().__init__(sentence, hint, detail)
        self.status = status


class Unreachable(ServiceError):  # noqa: N818 - it names the state of the service
    """No answer came: whether the request arrived is not known."""


class StoreError(KeeptakeError):
    """A project, a setting or a key could not be read or kept."""


class ExportError(KeeptakeError):
    """The result could not be written."""
