"""What the command-line programs have in common: paths, words, a timed step."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def say(text: str = "") -> None:
    print(text, flush=True)


def fail(text: str) -> NoReturn:
    """End the program with exit code 1 and this sentence on stderr."""
    raise SystemExit(f"\n{text}")


@contextmanager
def step(label: str) -> Iterator[None]:
    """Print the label while the work runs and its seconds when it is done."""
    print(f"  {label} …", end="", flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - started:.1f} s", flush=True)


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log, indented; an empty text if there are none."""
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def short(path: Path) -> str:
    """The path as a person in the project folder would type it."""
    try:
        return str(path.resolve().relative_to(ROOT))
    except ValueError:
        return str(path)


def timestamp() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def exit_on_signals() -> None:
    """End in order, without a traceback: what subprocess.run started ends with us."""

    def leave(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


def error(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
