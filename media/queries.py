"""Items as platforms see them, and the public addresses they are fetched from."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core import signing
from django.urls import reverse

from media.models import MediaItem, Rendition
from platforms.types import Media

SALT = "media.public"
# Platforms fetch within minutes; a retry after an outage may come hours later.
MAX_AGE_S = 7 * 24 * 3600


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
