"""What a platform answered, committed: it is out, in hand, or out in part."""

from __future__ import annotations

from typing import Any

import structlog

from core import clock
from platforms.adapter import Adapter
from platforms.errors import PlatformError
from platforms.types import Job, Pending, Published
from publishing.actions.leave import leave
from publishing.actions.record import Recorder
from scheduling.actions.rows import NO_REASON
from scheduling.drafts import parts_left
from scheduling.models import Target
from scheduling.states import TargetState, stay

log = structlog.get_logger(__name__)


def arrive(target: Target, answer: Published | Pending, recorder: Recorder) -> None:
    """Commit what the platform answered: it is out, or it has it in hand."""
    if isinstance(answer, Pending):
        leave(
            target,
            TargetState.PROCESSING,
            recorder,
            handle=answer.handle,
            next_at=clock.seconds_from_now(answer.seconds),
            lease_until=None,
        )
    elif parts_left(target) > 0:
        _part_out(target, answer, recorder)
    else:
        _published(target, answer, recorder)


def parts_before(target: Target) -> tuple[Published, ...]:
    return tuple(
        Published(part["id"], part["url"], part["data"]) for part in target.parts_out
    )


def _with(target: Target, answer: Published) -> list[dict[str, Any]]:
    """The parts that are out, this one the last."""
    part = {"id": answer.id, "url": answer.url, "data": dict(answer.data)}
    return [*target.parts_out, part]


def _part_out(target: Target, answer: Published, recorder: Recorder) -> None:
    """The next part is a publication like the first, with nothing left of this one."""
    parts, now = _with(target, answer), clock.now()
    leave(
        target,
        TargetState.SCHEDULED,
        recorder,
        out_at=now,
        parts_out=parts,
        remote_id=parts[0]["id"],
        permalink=parts[0]["url"],
        published_at=target.published_at or now,
        next_at=now,
        lease_until=None,
        intent_at=None,
        **target.fresh_claim(),
        **NO_REASON,
    )


def _published(target: Target, answer: Published, recorder: Recorder) -> None:
    now = clock.now()
    parts = _with(target, answer)
    address = parts[0]["url"] or target.permalink
    leave(
        target,
        TargetState.PUBLISHED,
        recorder,
        out_at=now,
        parts_out=parts if len(parts) > 1 else [],
        remote_id=parts[0]["id"],
        permalink=address,
        published_at=target.published_at or now,
        # Until the address is known, `settle` asks again at this time.
        next_at=None if address else clock.seconds_from_now(60),
        lease_until=None,
        **NO_REASON,
    )


def fetch_permalink(adapter: Adapter, job: Job, target: Target) -> None:
    """Never turns what is out, be it in part, into anything else: it only reads."""
    published = target.state == TargetState.PUBLISHED
    if target.permalink or not (published or target.parts_out):
        return
    try:
        url = adapter.permalink(job, target.remote_id)
    except PlatformError as error:
        log.info("publish.permalink_later", target=str(target.pk), code=error.code)
        return
    if url:
        done = {"next_at": None, "lease_until": None} if published else {}
        stay(target, expect=target.state, permalink=url, **done)
