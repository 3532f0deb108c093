"""The watch as a process of its own: it tells that beat or the workers are gone."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from pathlib import Path
from threading import Event
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error as DatabaseTrouble
from django.db import connection

from core import database_clock
from publishing.actions.watch import watch

log = structlog.get_logger(__name__)

EACH_S = 30.0


class Command(BaseCommand):
    help = "Watch the publisher and raise alarms, each 30 seconds until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one look, for cron")
        parser.add_argument("--each", type=float, default=EACH_S, help="seconds")
        parser.add_argument("--sign", type=Path, help="a file to touch at each look")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            look(options["sign"])
            if options["once"] or stop.wait(options["each"]):
                return


def look(sign: Path | None) -> None:
    """The database may be away for a while: the next look finds it again."""
    try:
        with database_clock.followed():
            watch()
    except DatabaseTrouble as error:
        log.warning("watch.database_away", error=type(error).__name__)
        connection.close()
        return
    if sign is not None:
        sign.touch()
