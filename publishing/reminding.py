"""All that a person needs to post by hand what was planned here (R-E5), as text."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from scheduling import drafts
from scheduling.models import Target

# Beyond this a mail is no place to copy from; the post's page has all of it.
MOST_TEXT = 5_000


def kit(target: Target, where: str) -> str:
    """The reason, then the steps with text and files to take; blank lines between."""
    return "\n\n".join((target.reason, *_steps(target, where)))


def _steps(target: Target, where: str) -> Iterator[str]:
    files = _files(target)
    if files:
        yield "\n".join(("Save its files, in this order:", *files))
    text = target.own_text.strip()
    if text:
        yield f"Copy its text:\n\n{_shortened(text)}"
    for number, follow_up in enumerate(drafts.follow_ups(target), 1):
        yield f"What follows it, part {number}:\n\n{_shortened(follow_up)}"
    yield f"Post it to {where}, then come back here and press “Mark as posted”."


def _files(target: Target) -> list[str]:
    """Addresses behind our sign-in: a mail may be passed on."""
    return [
        settings.BASE_URL
        + reverse(
            "media:original", kwargs={"group_id": item.group_id, "item_id": item.pk}
        )
        for item in drafts.items_of(target)
    ]


def _shortened(text: str) -> str:
    if len(text) <= MOST_TEXT:
        return text
    return f"{text[:MOST_TEXT].rstrip()}… (the rest is on the post's page)"
