"""A post's story: what people did and what was tried, told in order (R-F11).

Attempts belong to an app above this one: they are read through the reverse relation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from platforms import registry
from scheduling.models import EventKind, Post, PostEvent, Target
from scheduling.states import TargetState

GOOD, BAD, WAIT, PLAIN = "good", "bad", "wait", "plain"


@dataclass(frozen=True)
class Moment:
    """One line of the story; `key` names its attempt.

    `times` > 1: it came so often in a row, last at `at`.
    """

    at: datetime
    title: str
    tone: str = PLAIN
    icon: str = "circle"
    text: str = ""
    by: str = ""
    http_status: int | None = None
    request_id: str = ""
    details: str = ""
    duration_ms: int = 0
    times: int = 1
    key: str = ""


# step and outcome of an attempt: title ({name} is the platform's), tone, icon.
_TOLD: dict[tuple[str, str], tuple[str, str, str]] = {
    ("check", "ok"): ("Checked: {name} is connected", GOOD, "shield-check"),
    ("check", "risk"): ("Looked ahead: at risk", WAIT, "exclamation-triangle"),
    ("prepare", "risk"): ("Prepared ahead: at risk", WAIT, "exclamation-triangle"),
    ("check", "reminded"): ("It was time: reminded to post by hand", WAIT, "bell"),
    ("check", "refused"): ("Stopped by the check", BAD, "shield-exclamation"),
    ("check", "retry"): ("{name} had trouble, will try again", WAIT, "arrow-repeat"),
    ("prepare", "ok"): ("Prepared on {name}", GOOD, "cloud-arrow-up"),
    ("prepare", "waiting"): ("{name} is processing the files", WAIT, "hourglass-split"),
    ("prepare", "refused"): ("{name} refused the preparation", BAD, "x-circle"),
    ("prepare", "retry"): ("{name} had trouble, will try again", WAIT, "arrow-repeat"),
    ("send", "intent"): ("Sending to {name}", PLAIN, "send"),
    ("send", "ok"): ("{name} took the post", GOOD, "send-check"),
    ("send", "waiting"): ("{name} took the post and works on it", WAIT, "send-check"),
    ("send", "refused"): ("{name} refused the post", BAD, "x-circle"),
    ("send", "retry"): ("Not sent, will try again", WAIT, "arrow-repeat"),
    ("send", "unknown"): ("{name} didn't confirm", WAIT, "question-circle"),
    ("process", "waiting"): ("{name} is still working on it", WAIT, "hourglass-split"),
    ("process", "ok"): ("{name} finished", GOOD, "check-lg"),
    ("process", "retry"): ("{name} couldn't be asked", WAIT, "arrow-repeat"),
    ("process", "refused"): ("{name} refused the post", BAD, "x-circle"),
    ("find", "ok"): ("Looked on the profile", GOOD, "search"),
    ("find", "waiting"): ("Looked on the profile: not there", WAIT, "search"),
    ("find", "refused"): ("{name} couldn't be asked", WAIT, "search"),
    ("find", "unknown"): ("{name} can't be asked", WAIT, "question-circle"),
    ("find", "retry"): ("{name} couldn't be asked", WAIT, "search"),
    ("reap", "retry"): ("Recovered after an interruption", WAIT, "arrow-repeat"),
}

_EVENT_ICONS: dict[str, str] = {
    EventKind.CREATED: "plus-lg",
    EventKind.EDITED: "pencil",
    EventKind.SCHEDULED: "clock",
    EventKind.MOVED: "calendar-event",
    EventKind.DRAFTED: "pencil",
    EventKind.DELETED: "trash3",
    EventKind.RETRIED: "arrow-repeat",
    EventKind.DECIDED: "person",
    EventKind.RESUMED: "play-circle",
    EventKind.DROPPED: "slash-circle",
    EventKind.STOPPED: "pause-circle",
    EventKind.POSTED: "check-lg",
}


def of_target(post: Post, target: Target) -> list[Moment]:
    """Oldest first; expects events and attempts to be prefetched."""
    moments = [
        *(_event(e) for e in post.events.all() if e.target_id in (None, target.pk)),
        *_attempts(target),
        *_live(target),
    ]
    # Stable: what happened in the same instant keeps the order of its record.
    moments.sort(key=lambda moment: moment.at)
    return list(_folded(moments))


def _event(event: PostEvent) -> Moment:
    return Moment(
        at=event.at,
        title=event.text.rstrip("."),
        icon=_EVENT_ICONS.get(event.kind, "circle"),
        by=str(event.actor) if event.actor else "",
    )


def _attempts(target: Target) -> Iterator[Moment]:
    name = registry.adapter_class(target.profile.platform).name
    for attempt in _rows(target):
        fallback = (f"{attempt.get_step_display()}", PLAIN, "circle")
        title, tone, icon = _TOLD.get((attempt.step, attempt.outcome), fallback)
        yield Moment(
            at=attempt.at,
            title=title.format(name=name),
            tone=tone,
            icon=icon,
            text="" if attempt.outcome == "intent" else attempt.message,
            http_status=attempt.http_status,
            request_id=attempt.request_id,
            details=attempt.details,
            duration_ms=attempt.duration_ms,
            key=f"attempt-{attempt.pk}",
        )


def _rows(target: Target) -> Iterable[Any]:
    return target.attempts.all()


def _live(target: Target) -> Iterator[Moment]:
    """How it ended, where no line of its own says so."""
    if target.state == TargetState.PUBLISHED and target.published_at:
        name = registry.adapter_class(target.profile.platform).name
        yield Moment(target.published_at, f"Live on {name}", GOOD, "check-circle-fill")
    tried = list(_rows(target))
    if target.dropped and tried and target.reason_code == "dropped":
        yield Moment(tried[-1].at, "Dropped, it was too late", BAD, "slash-circle")


def _folded(moments: list[Moment]) -> Iterator[Moment]:
    """The same waiting told over and over becomes one line with a count."""
    last: Moment | None = None
    for moment in moments:
        if last and _same(last, moment):
            last = replace(moment, times=last.times + 1)
            continue
        if last:
            yield last
        last = moment
    if last:
        yield last


def _same(one: Moment, other: Moment) -> bool:
    return one.tone == WAIT == other.tone and one.title == other.title
