"""Items of one library for another of the same account (R-B5): the originals stay."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.db.models.fields.files import FieldFile

from accounts.models import AccessGroup
from core.undo import on_rollback
from media.models import MediaItem, Rendition, original_path, rendition_path


def copy_items(items: Iterable[MediaItem], group: AccessGroup) -> dict[UUID, MediaItem]:
    """Inside the caller's `undoable`: the copy of each, by the original's id.

    One that the library has already, by content and alt text, is not copied again.
    Files are linked where the disk can, so that a video costs no time and no room.
    """
    rows = list(items)
    known = _known(rows, group)
    found: dict[UUID, MediaItem] = {}
    for item in rows:
        key = _key(item)
        if key not in known:
            known[key] = _copy(item, group)
        found[item.pk] = known[key]
    return found


def _known(
    items: list[MediaItem], group: AccessGroup
) -> dict[tuple[str, str], MediaItem]:
    sums = {item.sha256 for item in items}
    there = MediaItem.objects.filter(group=group, sha256__in=sums)
    return {_key(item): item for item in there}


def _key(item: MediaItem) -> tuple[str, str]:
    return item.sha256, item.alt_text


def _copy(item: MediaItem, group: AccessGroup) -> MediaItem:
    renditions = list(item.renditions.all())
    made = MediaItem.objects.get(pk=item.pk)
    made.pk, made.group = uuid.uuid4(), group
    made.file.name = original_path(made, item.name)
    _duplicate(item.file, made.file)
    made.save(force_insert=True)
    for rendition in renditions:
        _copy_rendition(rendition, made)
    return made


def _copy_rendition(rendition: Rendition, item: MediaItem) -> None:
    made = Rendition.objects.get(pk=rendition.pk)
    made.pk, made.item = uuid.uuid4(), item
    made.file.name = rendition_path(made, str(rendition.file.name))
    _duplicate(rendition.file, made.file)
    made.save(force_insert=True)


def _duplicate(source: FieldFile, to: FieldFile) -> None:
    """A file that is missing already is no reason to lose the post around it."""
    if not source.storage.exists(str(source.name)):
        return
    name = str(to.name)
    on_rollback(partial(to.storage.delete, name))
    if not _linked(Path(source.path), Path(to.path)):
        with source.storage.open(str(source.name)) as stream:
            to.storage.save(name, File(stream))


def _linked(source: Path, to: Path) -> bool:
    """Nothing ever writes into a stored file, so two names may share one."""
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, to)
    except OSError:
        return False
    return True
