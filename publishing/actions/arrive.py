"""What a platform answered, committed: it is out, in hand, or out in part."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import transaction

from core import clock
from platforms.adapter import Adapter
from platforms.errors import PlatformError
from platforms.types import Job, Pending, Published
from profiles.models import SocialProfile
from publishing.actions.record import Recorder
from scheduling.actions.rows import NO_REASON
from scheduling.drafts import parts_left
from scheduling.models import Target
from scheduling.states import TargetState, move, stay

log = structlog.get_logger(__name__)


@transaction.atomic
def arrive(target: Target, answer: Published | Pending, recorder: Recorder) -> None:
    """Commit what the platform answered: it is out, or it has it in hand."""
    if isinstance(answer, Pending):
        move(
            target,
            TargetState.PROCESSING,
            expect=target.state,
            handle=answer.handle,
            next_at=clock.seconds_from_now(answer.seconds),
            lease_until=None,
        )
    elif parts_left(target) > 0:
        _part_out(target, answer)
    else:
        _published(target, answer)
    recorder.flush()


def parts_before(target: Target) -> tuple[Published, ...]:
    return tuple(
        Published(part["id"], part["url"], part["data"]) for part in target.parts_out
    )


def _with(target: Target, answer: Published) -> list[dict[str, Any]]:
    """The parts that are out, this one the last."""
    part = {"id": answer.id, "url": answer.url, "data": dict(answer.data)}
    return [*target.parts_out, part]


def _part_out(target: Target, answer: Published) -> None:
    """The next part is a publication like the first, with nothing left of this one."""
    parts, now = _with(target, answer), clock.now()
    move(
        target,
        TargetState.SCHEDULED,
        expect=target.state,
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
    SocialProfile.objects.filter(pk=target.profile_id).update(last_published_at=now)


def _published(target: Target, answer: Published) -> None:
    now = clock.now()
    parts = _with(target, answer)
    address = parts[0]["url"] or target.permalink
    move(
        target,
        TargetState.PUBLISHED,
        expect=target.state,
        parts_out=parts if len(parts) > 1 else [],
        remote_id=parts[0]["id"],
        permalink=address,
        published_at=target.published_at or now,
        # Until the address is known, `settle` asks again at this time.
        next_at=None if address else clock.seconds_from_now(60),
        lease_until=None,
        **NO_REASON,
    )
    SocialProfile.objects.filter(pk=target.profile_id).update(last_published_at=now)


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
