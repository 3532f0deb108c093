from __future__ import annotations

from accounts.models import User
from accounts.rights import Right, require
from core.errors import DomainError
from media.models import MediaItem

LONGEST = 2_000


def set_alt_text(*, item: MediaItem, actor: User, text: str) -> None:
    """What the picture shows, for those who can't see it."""
    require(actor, item.group, Right.MEDIA)
    text = text.replace("\0", "").strip()
    if len(text) > LONGEST:
        raise DomainError(
            "alt_text_too_long",
            f"Alt text takes {LONGEST:,} characters; this is "
            f"{len(text) - LONGEST:,} too many.",
            field="alt_text",
        )
    item.alt_text = text
    item.save(update_fields=["alt_text"])
