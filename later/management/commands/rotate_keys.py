"""Bring every sealed row under the first key of TOKEN_KEYS, while all goes on (R-D2)."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import rotation
from core.rotation import Progress, Sealed

# Rows that somebody held are met again; a worker holds one for milliseconds.
PASSES = 20
PAUSE_S = 0.5
TELL_EVERY_S = 2.0


class Command(BaseCommand):
    help = (
        "Seal all secrets anew under the first key of TOKEN_KEYS. Safe while everything "
        "runs, and to be stopped and started again at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="count, change nothing"
        )
        parser.add_argument("--batch", type=int, default=rotation.BATCH, metavar="ROWS")

    def handle(self, *args: Any, **options: Any) -> None:
        ring = settings.TOKEN_KEYS
        self._refuse_missing_keys()
        if options["check"]:
            self._count()
            return
        if options["batch"] < 1:
            raise CommandError("--batch needs at least 1.")
        self.stdout.write(f"Sealing under key {ring.primary}.")
        lost = self._until_done(options["batch"])
        self._count()
        if lost:
            noun = "secret doesn't" if lost == 1 else "secrets don't"
            raise CommandError(
                f"{lost} {noun} open: altered, or moved to another row. What a profile "
                "lost must be connected anew; everything else is done."
            )

    def _refuse_missing_keys(self) -> None:
        """Before anything is written: a key that was taken out too early comes back."""
        missing = rotation.unknown_keys(settings.TOKEN_KEYS)
        if not missing:
            return
        told = ", ".join(f"{key[:32]} ({count})" for key, count in missing.items())
        raise CommandError(
            f"Secrets are sealed under keys that TOKEN_KEYS lacks: {told}. Put them back "
            "behind the first one. Nothing was changed."
        )

    def _until_done(self, batch: int) -> int:
        """How many secrets don't open."""
        for _ in range(PASSES):
            lost = sum(self._pass(column, batch) for column in rotation.columns())
            if self._waiting() <= lost:
                return lost
            time.sleep(PAUSE_S)
        raise CommandError(
            f"{self._waiting()} secrets are still under older keys: somebody holds them, "
            "or a process with another TOKEN_KEYS goes on writing. Run it again."
        )

    def _waiting(self) -> int:
        ring = settings.TOKEN_KEYS
        return sum(rotation.stale(one, ring).count() for one in rotation.columns())

    def _pass(self, column: Sealed, batch: int) -> int:
        told_at = time.monotonic()
        progress = Progress(column, 0)
        for progress in rotation.rotate(column, batch=batch):
            if time.monotonic() - told_at >= TELL_EVERY_S:
                told_at = time.monotonic()
                self._tell(progress)
        if progress.total:
            self._tell(progress)
        return len(progress.lost)

    def _tell(self, progress: Progress) -> None:
        name = progress.column.name
        self.stdout.write(f"  {name}: {progress.done:,} of {progress.total:,}")

    def _count(self) -> None:
        first = settings.TOKEN_KEYS.primary
        self.stdout.write("Sealed secrets by key:")
        for column in rotation.columns():
            for key, count in sorted(rotation.by_key(column).items()):
                mark = " (first)" if key == first else ""
                self.stdout.write(f"  {column.name}: {key or '?'}{mark} {count:,}")
