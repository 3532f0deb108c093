"""What Instagram would refuse or spoil beyond plain limits (R-E2, R-C7)."""

from __future__ import annotations

from collections.abc import Iterator

from platforms.checks import hashtags_in
from platforms.instagram.limits import HASHTAGS_ADVISED
from platforms.types import Draft, Problem, Profile


def own_problems(draft: Draft, profile: Profile) -> tuple[Problem, ...]:
    if draft.kind == "story":
        return tuple(_story(draft, profile))
    return tuple(_hashtags(draft.text))


def _story(draft: Draft, profile: Profile) -> Iterator[Problem]:
    if profile.kind == "creator":
        yield Problem(
            "story_needs_business",
            "Instagram publishes stories for business accounts only. Use a reminder, "
            "or switch this creator account to a business account.",
            "kind",
            by_hand=True,
        )
    if draft.text.strip():
        yield Problem(
            "story_without_text",
            "Stories have no caption: this text won't be shown.",
            "text",
            blocking=False,
        )


def _hashtags(text: str) -> Iterator[Problem]:
    found = hashtags_in(text)
    if found > HASHTAGS_ADVISED:
        yield Problem(
            "hashtags_advised",
            f"Instagram has announced a limit of {HASHTAGS_ADVISED} hashtags; "
            f"this has {found}.",
            "text",
            blocking=False,
        )
