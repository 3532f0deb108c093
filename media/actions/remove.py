from __future__ import annotations

from django.db import transaction
from django.db.models import ProtectedError

from accounts.models import User
from accounts.rights import Right, require
from core.errors import DomainError
from media.models import MediaItem


def remove(*, item: MediaItem, actor: User) -> None:
    """Refused while a post uses it; the files go once the rows are gone."""
    require(actor, item.group, Right.MEDIA)
    files = [item.file, *(rendition.file for rendition in item.renditions.all())]
    try:
        with transaction.atomic():
            # A deleted post's row stays for its story; its hold on the file ends.
            item.attachments.exclude(post__deleted_at=None).delete()
            item.delete()
    except ProtectedError:
        raise DomainError(
            "media_in_use", f"{item.name} is used in a post. Take it out there first."
        ) from None
    for file in files:
        file.storage.delete(str(file.name))
