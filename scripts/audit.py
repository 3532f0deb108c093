"""Known vulnerabilities in the locked packages: part of `make check` (R-I4).

Red when one is found that `requirements/audit.toml` doesn't answer with a reason and a
date that lies ahead. Where the data can't be had nothing is known, and it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from scripts.console import ROOT, VENV, fail, say

LOCK = ROOT / "requirements" / "demo.txt"
ANSWERS = ROOT / "requirements" / "audit.toml"
# The code of a check that could not be made: neither green nor red.
NOT_CHECKED = 75
WITHIN_S = 60


class NoData(Exception):
    """Whether there are any can't be known from here."""


@dataclass(frozen=True)
class Answer:
    """Why a known vulnerability is no danger here, and until when that is believed."""

    id: str
    reason: str
    until: date


def answers(path: Path = ANSWERS) -> list[Answer]:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Answer(**entry) for entry in read.get("ignored", [])]


def look_up(pins: Iterable[str]) -> list[dict[str, Any]]:
    """pip-audit's findings for lines such as `django==5.2.19`. Raises NoData."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("\n".join(pins))
        listed.flush()
        command = [
            *(str(VENV / "bin" / "pip-audit"), "--requirement", listed.name),
            *("--no-deps", "--disable-pip", "--format", "json"),
            *("--progress-spinner", "off", "--timeout", "5"),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=WITHIN_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise NoData(f"no answer within {WITHIN_S} s") from None
    return _read(done.stdout, done.stderr)


def _read(out: str, errors: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError):
        last = (errors.strip().splitlines() or ["no answer"])[-1]
        raise NoData(last[:200]) from None
    return found


def pins(lock: Path = LOCK) -> list[str]:
    """Name and version of each; not what only other systems need."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    entries = [line.split(" \\")[0] for line in lines if line[:1].isalnum()]
    return [entry for entry in entries if "sys_platform" not in entry]


def judge(
    found: Iterable[dict[str, Any]], known: Iterable[Answer], today: date
) -> list[str]:
    """What is red, a line each."""
    valid = {answer.id for answer in known if answer.until > today}
    return [
        f"{entry['name']} {entry['version']}: {fault['id']} "
        f"(mended in {', '.join(fault['fix_versions']) or 'no version yet'})"
        for entry in found
        for fault in entry.get("vulns", [])
        if not valid & {fault["id"], *fault.get("aliases", [])}
    ]


def audit() -> list[str]:
    """One package first: where nothing is known of it, nothing is of the others."""
    listed = pins()
    first = look_up([next(pin for pin in listed if pin.startswith("django=="))])
    if any("skip_reason" in entry for entry in first):
        raise NoData("the package index here has no data on vulnerabilities")
    found = look_up(listed)
    skipped = [entry["name"] for entry in found if "skip_reason" in entry]
    if skipped:
        say(f"Nothing is known of {', '.join(skipped)}.")
    return judge(found, answers(), datetime.fromtimestamp(time.time(), UTC).date())


def main() -> None:
    try:
        red = audit()
    except NoData as error:
        say(f"Vulnerabilities were NOT CHECKED: {error}.")
        sys.exit(NOT_CHECKED)
    if red:
        fail("\n".join(["Known vulnerabilities:", *red]))


if __name__ == "__main__":
    main()
