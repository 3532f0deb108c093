"""A post's state is a pure function of its targets' states; it is never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from scheduling.states import AT_RISK, TO_REMIND
from scheduling.states import TargetState as S


class PostState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    REMINDER = "reminder", "Reminder"
    SENDING = "sending", "Publishing"
    PUBLISHED = "published", "Published"
    ATTENTION = "attention", "Needs attention"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


# What a person must look at first decides: each row wins over the ones below it.
ORDER: tuple[tuple[PostState, frozenset[str]], ...] = (
    (PostState.FAILED, frozenset({S.FAILED})),
    (
        PostState.ATTENTION,
        frozenset({S.HELD, S.MISSED, S.UNCONFIRMED, S.REMINDER, AT_RISK}),
    ),
    (PostState.SENDING, frozenset({S.CLAIMED, S.SENDING, S.PROCESSING})),
    (PostState.SCHEDULED, frozenset({S.SCHEDULED})),
    (PostState.REMINDER, frozenset({TO_REMIND})),
    (PostState.DRAFT, frozenset({S.DRAFT})),
    (PostState.PUBLISHED, frozenset({S.PUBLISHED, S.DONE})),
)


@dataclass(frozen=True)
class Summary:
    """`word` is what people read: "Failed on 1 of 3"."""

    state: PostState
    word: str


def summarise(states: Iterable[str]) -> Summary:
    """Of targets' standings. Cancelled ones count where there are no others; without
    targets it is a draft."""
    found = list(states)
    live = [state for state in found if state != S.CANCELLED]
    if not live:
        state = PostState.CANCELLED if found else PostState.DRAFT
        return Summary(state, str(state.label))
    state, members = next(row for row in ORDER if any(s in row[1] for s in live))
    return Summary(state, _word(state, [s for s in live if s in members], len(live)))


def _word(state: PostState, causes: list[str], total: int) -> str:
    if state == PostState.ATTENTION and len(set(causes)) == 1:
        label = "At risk" if causes[0] == AT_RISK else str(S(causes[0]).label)
    elif set(causes) == {S.DONE}:
        label = str(S.DONE.label)
    else:
        label = str(state.label)
    partly = state in {PostState.FAILED, PostState.ATTENTION} and len(causes) < total
    return f"{label} on {len(causes)} of {total}" if partly else label
