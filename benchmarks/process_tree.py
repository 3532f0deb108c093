"""Processes below a process and their memory, read from /proc (Linux only)."""

from __future__ import annotations

import re
from pathlib import Path

PROC = Path("/proc")


def parents() -> dict[int, int]:
    """Process id → parent's id, of every process that is alive."""
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended while we looked
        # The name in brackets may hold anything; state and parent follow it.
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state != "Z":
            found[int(folder.name)] = int(parent)
    return found


def descendants(root: int) -> set[int]:
    """The process itself and all below it."""
    above = parents()
    found = {root}
    while more := {pid for pid, parent in above.items() if parent in found} - found:
        found |= more
    return found


def alive(pids: set[int]) -> set[int]:
    return pids & parents().keys()


def pss_mb(pids: set[int]) -> float:
    """Proportional set size in MB: shared pages count once over all of them."""
    return sum(_pss_kb(pid) for pid in pids) / 1024


def _pss_kb(pid: int) -> int:
    try:
        rollup = (PROC / str(pid) / "smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)
    return int(found[1]) if found else 0
