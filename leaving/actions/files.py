"""Files of what is deleted; also those that no row names any more."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.files.storage import Storage, default_storage
from django.db.models import Model

from accounts.models import AccessGroup


def delete_files(rows: Iterable[Model], columns: Iterable[str]) -> None:
    for row in rows:
        for column in columns:
            file = getattr(row, column)
            if file:
                file.storage.delete(str(file.name))


def sweep_folders(account_id: UUID) -> None:
    """The libraries' folders of an account, once their rows are gone."""
    groups = AccessGroup.objects.filter(account=account_id)
    for pk in groups.values_list("pk", flat=True).iterator():
        delete_folder(str(pk))


def delete_folder(path: str, storage: Storage = default_storage) -> None:
    """With all that is in it; nothing when it isn't there."""
    if not storage.exists(path):
        return
    folders, files = storage.listdir(path)
    for name in files:
        storage.delete(f"{path}/{name}")
    for name in folders:
        delete_folder(f"{path}/{name}", storage)
    storage.delete(path)
