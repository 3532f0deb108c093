"""Ask every part how it is; exit code 1 when something fails (R-J5)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from core import database_clock
from core.doctor import Finding, Level, examine, parts, worst
from later.doctor_outside import send_mail


class Command(BaseCommand):
    help = "Examine this installation: what is well, what isn't, and what to do."
    # It must speak where checks would stop.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", nargs="*", choices=[[], *parts()])
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--mail", metavar="ADDRESS", help="send a mail to try it")

    def handle(self, *args: Any, **options: Any) -> None:
        with database_clock.followed():
            found = examine(options["part"])
        if options["mail"]:
            found["mail sent"] = [send_mail(options["mail"])]
        if options["json"]:
            self.stdout.write(as_json(found))
        else:
            self._write(found)
        if worst(found) == Level.FAIL:
            sys.exit(1)

    def _write(self, found: dict[str, list[Finding]]) -> None:
        styles = {
            Level.OK: self.style.SUCCESS,
            Level.WARN: self.style.WARNING,
            Level.FAIL: self.style.ERROR,
        }
        for part, findings in found.items():
            self.stdout.write(self.style.MIGRATE_HEADING(part))
            for one in findings:
                word = styles[one.level](f"{one.level:<4}")
                self.stdout.write(f"  {word}  {one.name:<18} {one.text}")
                if one.todo:
                    self.stdout.write(f"{'':27}→ {one.todo}")


def as_json(found: dict[str, list[Finding]]) -> str:
    body = {part: [asdict(one) for one in findings] for part, findings in found.items()}
    return json.dumps({"status": worst(found), "parts": body}, indent=2)
