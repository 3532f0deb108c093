"""Take a file into a group's library: inspected first, refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction

from accounts.entitlements import require_room
from accounts.models import AccessGroup, User
from accounts.plans import Resource
from accounts.rights import Right, require
from core.text import one_line
from media.actions.renditions import make_thumbnail
from media.inspect import inspect, refuse
from media.models import MediaItem


def upload(*, group: AccessGroup, actor: User, file: UploadedFile[Any]) -> MediaItem:
    """Raises DomainError with field "file"; a refused file leaves nothing behind."""
    require(actor, group, Right.MEDIA)
    limit = settings.UPLOAD_MAX_MB * 1_000_000
    if (file.size or 0) > limit:
        raise refuse(
            "file_too_large",
            # Its own size isn't known: the rest of it was never kept.
            f"This file is too large; the most we take is {settings.UPLOAD_MAX_MB} MB.",
        )
    with _on_disk(file) as held:
        path = Path(held.temporary_file_path())
        return add_file(group=group, actor=actor, path=path, name=file.name or "file")


def add_file(*, group: AccessGroup, actor: User, path: Path, name: str) -> MediaItem:
    """A file that already lies on this machine's disk becomes an item."""
    facts = inspect(path)
    item = MediaItem(
        group=group,
        uploaded_by=actor,
        name=one_line(Path(name).name)[:255] or "file",
        **vars(facts),
    )
    with path.open("rb") as stream, transaction.atomic():
        require_room(group.account, Resource.STORAGE, facts.size)
        item.file.save(item.name, File(stream), save=False)
        item.save()
        make_thumbnail(item)
    return item


def _on_disk(file: UploadedFile[Any]) -> TemporaryUploadedFile:
    """Inspection needs a path; small uploads come in memory."""
    if isinstance(file, TemporaryUploadedFile):
        return file
    held = TemporaryUploadedFile(
        file.name or "file", file.content_type or "", file.size or 0, file.charset
    )
    for chunk in file.chunks():
        held.write(chunk)
    held.flush()
    return held
