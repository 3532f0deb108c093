"""Make an export: every table as JSON and CSV, every file, in one zip (R-J6).

Rows are read in pages and written as they come, so that an account of any size takes
the same memory. Tables that stand on the disk are not read again when a worker died
over the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse

from core import clock
from core.queue import enqueue
from leaving import sections
from leaving.actions.export import OPEN, expire, forget_file
from leaving.archive import Archive, tables_in
from leaving.models import Export, export_path
from media.models import MediaItem
from notifications.actions import notify

log = structlog.get_logger(__name__)

S = Export.State
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=7)
MAX_TRIES = 5
NAME = "later-export.zip"
READY = (
    "All posts with their results, files, profiles, people and notices of {account} are "
    "in one file. It stays for seven days, and we ask you to confirm that it is you "
    "before you download it."
)
FAILED = (
    "We couldn't prepare the export of {account}, and have tried it several times. "
    "Press Get Help, and we will look after it."
)


class Stopped(Exception):
    """It was called off, or another worker has it now."""


def go_on() -> int:
    """Each minute from the beat: what nobody works on; old files are let go of."""
    expire()
    ids = list(_free().values_list("pk", flat=True)[:20])
    for pk in ids:
        enqueue("leaving.export", str(pk))
    return len(ids)


def _free() -> QuerySet[Export]:
    rows = Export.objects.filter(status__in=OPEN).order_by("asked_at")
    return rows.exclude(lease_until__gt=clock.now())


def gather(export_id: UUID | str) -> None:
    export = _take(export_id)
    if export is None:
        return
    try:
        if export.tries > MAX_TRIES:
            _give_up(export)
        else:
            _Work(export).run()
    except Stopped:
        _tidy(export)


def _take(export_id: UUID | str) -> Export | None:
    taken = _free().filter(pk=export_id).order_by()
    columns = {"fence": F("fence") + 1, "tries": F("tries") + 1}
    lease = clock.now() + LEASE
    if not taken.update(status=S.WORKING, lease_until=lease, **columns):
        return None
    return Export.objects.select_related("account", "asked_by").get(pk=export_id)


def _tidy(export: Export) -> None:
    """Whoever called it off left what is written to us."""
    log.info("export.stopped", export=str(export.pk))
    now = Export.objects.filter(pk=export.pk).first()
    if now is None or now.status == S.CANCELLED:
        forget_file(export)


@transaction.atomic
def _give_up(export: Export) -> None:
    _write(export, status=S.FAILED, lease_until=None)
    forget_file(export)
    title = "Your export couldn't be prepared"
    _tell(export, "export.failed", title, FAILED)


def _write(export: Export, **columns: object) -> None:
    """Raises Stopped when it isn't ours any more."""
    ours = Export.objects.filter(pk=export.pk, status=S.WORKING, fence=export.fence)
    if not ours.update(**columns):
        raise Stopped
    for name, value in columns.items():
        setattr(export, name, value)


def _tell(export: Export, code: str, title: str, text: str) -> None:
    notify(
        user=export.asked_by,
        code=code,
        title=title,
        text=text.format(account=export.account),
        path=reverse("leaving:data"),
        button="Your data",
    )


@dataclass
class _Work:
    """One worker's turn; each step shows how far it is, and that it lives."""

    export: Export
    missing: list[str] = field(default_factory=list)

    def run(self) -> None:
        folder = Path(default_storage.path(export_path(self.export, "")))
        folder.mkdir(parents=True, exist_ok=True)
        _write(self.export, total=self._total(), done=0)
        for holding, section in sections.told():
            if not all(path.exists() for path in tables_in(folder, section.name)):
                sections.write(holding, section, self.export, folder, self._further)
        self._pack(folder)
        self._finish(folder)

    def _total(self) -> int:
        return sections.count(self.export) + self._items().count()

    def _items(self) -> QuerySet[MediaItem]:
        account = self.export.account_id
        return MediaItem.objects.filter(group__account=account).order_by("pk")

    def _further(self, count: int) -> None:
        lease = clock.now() + LEASE
        done = self.export.done + count
        _write(self.export, done=done, lease_until=lease)

    def _pack(self, folder: Path) -> None:
        names = [section.name for _, section in sections.told()]
        part = folder / f"{NAME}.part"
        with Archive(part) as archive:
            for name in names:
                for path in tables_in(folder, name):
                    archive.add_table(path)
                    self._further(0)
            for item in self._items().iterator(chunk_size=200):
                self._add(archive, item)
                self._further(1)
            archive.add_readme(str(self.export.account), names, self.missing)
        part.replace(folder / NAME)

    def _add(self, archive: Archive, item: MediaItem) -> None:
        name = f"media/{item.pk}.{item.extension}"
        try:
            with item.file.open("rb") as stream:
                archive.add_file(name, stream, item.created_at)
        except FileNotFoundError:
            self.missing.append(f"{name} ({item.name})")

    def _finish(self, folder: Path) -> None:
        now = clock.now()
        with transaction.atomic():
            _write(
                self.export,
                status=S.READY,
                lease_until=None,
                ready_at=now,
                expires_at=now + KEPT,
                file=export_path(self.export, NAME),
                size=(folder / NAME).stat().st_size,
            )
            _tell(self.export, "export.ready", "Your export is ready", READY)
        for path in folder.iterdir():
            if path.name != NAME:
                path.unlink()
