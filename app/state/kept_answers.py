"""The answers of a project read back: from what was prepared of them, else from their own bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.late import late
from app.services.store import Project, Store

if TYPE_CHECKING:
    from app.services import packed, wire
    from app.services.packed import Value
    from app.services.parsing import Parser
    from app.services.store_rows import AnswerHead
else:
    packed = late("app.services.packed")


async def read_back(
    store: Store, parser: Parser, project: Project, head: AnswerHead, duration: int
) -> Value:
    """A kept answer as its core value; raises KeeptakeError.

    A large one costs seconds of a worker's time once, and is then read from the prepared form.
    """
    kind: wire.Kind = head.kind  # type: ignore[assignment]
    service: wire.Service = "nanoclip" if head.service == "nanoclip" else "local"
    if not parser.is_large(head.size):
        raw = await asyncio.to_thread(project.raw_answer, head)
        return await parser.parse_off_thread(kind, raw, duration, service)
    made_of = (
        packed.FORM, project.meta.content_key, duration, head.id, kind, service, head.received_at,
        head.size,
    )  # fmt: skip

    def prepared() -> Value | None:
        found = store.prepared.load(made_of)
        try:
            return packed.unpack(found) if found else None
        except (ValueError, KeyError):
            return None

    value = await asyncio.to_thread(prepared)
    if value is None:
        raw = await asyncio.to_thread(project.raw_answer, head)
        made = await parser.packed(kind, raw, duration, service)
        value = await asyncio.to_thread(packed.unpack, made)
        await asyncio.to_thread(store.prepared.keep, made_of, made)
    return value
