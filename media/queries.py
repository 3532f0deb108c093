"""Items of a library, and as platforms see them, with their public addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from accounts.models import AccessGroup, Account
from media.models import MediaItem, Rendition
from platforms import registry
from platforms.adapter import Adapter
from platforms.types import Draft, Media, PostKind, Problem, Profile

SALT = "media.public"
# Platforms fetch within minutes; a retry after an outage may come hours later.
MAX_AGE_S = 7 * 24 * 3600


@dataclass(frozen=True)
class Fit:
    """What a platform can make of a file: kinds of post, or the reason against."""

    platform: str
    name: str
    kinds: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Use:
    url: str
    text: str


def found_in(
    group: AccessGroup, words: str, kind: str, used: str
) -> QuerySet[MediaItem, Any]:
    """Newest first, each with `uses`: posts that aren't deleted. One query."""
    in_posts = Q(attachments__post__deleted_at=None, attachments__isnull=False)
    rows = MediaItem.objects.filter(group=group).annotate(
        uses=Count("attachments", filter=in_posts)
    )
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(alt_text__icontains=words))
    if kind:
        rows = rows.filter(kind=kind)
    if used:
        rows = rows.filter(uses__gt=0) if used == "yes" else rows.filter(uses=0)
    # Counting groups the rows, and then the model's own order doesn't hold.
    return rows.order_by("-created_at", "-id")


def stored(account: Account) -> int:
    """Bytes of all originals; what is made of them for platforms isn't counted."""
    rows = MediaItem.objects.filter(group__account=account)
    return rows.aggregate(size=Sum("size"))["size"] or 0


def uses_of(item: MediaItem) -> list[Use]:
    """Posts that hold the file, newest first."""
    posts = item.posts.filter(deleted_at=None).order_by("-created_at").distinct()
    return [
        Use(
            url=reverse(
                "scheduling:post", kwargs={"group_id": item.group_id, "pk": pk}
            ),
            text=text[:80],
        )
        for pk, text in posts.values_list("pk", "text")
    ]


def platform_fits(item: MediaItem) -> list[Fit]:
    """For each platform that takes posts the kinds of post that take this file alone."""
    media = describe(item)
    return [_fit(adapter, media) for adapter in registry.publishing()]


def _fit(adapter: Adapter, media: Media) -> Fit:
    kinds: list[str] = []
    reason = ""
    for kind in adapter.kinds:
        if media.kind not in kind.media or kind.min_media > 1:
            continue
        faults = _faults(adapter, kind, media)
        if not faults:
            kinds.append(kind.label)
        elif not reason:
            reason = faults[0].message.removeprefix("The file: ")
    return Fit(adapter.key, adapter.name, tuple(kinds), reason)


def _faults(adapter: Adapter, kind: PostKind, media: Media) -> list[Problem]:
    draft = Draft(kind=kind.key, media=(media,))
    found = adapter.problems(draft, Profile(external_id=""))
    return [each for each in found if each.field == "media" and each.blocking]


def describe(item: MediaItem) -> Media:
    """The original's facts, for checks while composing."""
    return Media(
        id=str(item.pk),
        kind="video" if item.kind == "video" else "image",
        mime=item.mime,
        width=item.width,
        height=item.height,
        size=item.size,
        alt_text=item.alt_text,
        duration_s=item.duration_s,
        codec=item.codec,
    )


def as_media(item: MediaItem, rendition: Rendition | None) -> Media:
    """What a platform gets: the copy when there is one, with address and reader."""
    source = rendition or item
    path = Path(source.file.path)
    return Media(
        id=str(item.pk),
        kind="video" if item.kind == "video" else "image",
        mime=source.mime,
        width=source.width,
        height=source.height,
        size=source.size,
        url=public_url(str(source.file.name), path.suffix),
        alt_text=item.alt_text,
        duration_s=item.duration_s,
        codec=item.codec,
        read=path.read_bytes,
    )


def public_url(name: str, suffix: str) -> str:
    """An address that needs no sign-in: signed, dated, plain ASCII."""
    token = signing.dumps(name, salt=SALT)
    route = reverse("media:public", kwargs={"token": token, "name": f"file{suffix}"})
    return f"{settings.BASE_URL}{route}"


def public_name(token: str) -> str:
    """The stored file's name. Raises signing.BadSignature."""
    name: str = signing.loads(token, salt=SALT, max_age=MAX_AGE_S)
    return name
