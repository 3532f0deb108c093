"""Results of measurements: their shape, their file, their table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.console import ROOT

LATEST = ROOT / "benchmarks" / "results" / "latest.json"
RUNS = 3

Row = dict[str, str | float]


@dataclass(frozen=True)
class Result:
    """`how` says in a few words what was run and how often."""

    name: str
    value: float
    unit: str
    how: str


def median(measure: Callable[[], float], runs: int = RUNS) -> float:
    """The middle one of so many runs."""
    return statistics.median(measure() for _ in range(runs))


def rows(found: Iterable[Result], *, at: str, commit: str) -> list[Row]:
    return [
        {**asdict(result), "value": round(result.value, 3), "at": at, "commit": commit}
        for result in found
    ]


def read(path: Path = LATEST) -> list[Row]:
    if not path.exists():
        return []
    known: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return known


def merge(known: Iterable[Row], new: Iterable[Row]) -> list[Row]:
    """By name: a run of one area leaves the others' results as they are."""
    merged = {str(row["name"]): row for row in (*known, *new)}
    return sorted(merged.values(), key=lambda row: str(row["name"]))


def write(results: list[Row], path: Path = LATEST) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def table(results: list[Row]) -> str:
    """Name, value with unit, how; in columns."""
    lines = [
        (str(row["name"]), f"{row['value']:g} {row['unit']}", str(row["how"]))
        for row in results
    ]
    names, values = (max((len(line[i]) for line in lines), default=0) for i in (0, 1))
    return "\n".join(f"{n:<{names}}  {v:>{values}}  {how}" for n, v, how in lines)
