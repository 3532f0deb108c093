"""All that a machine can judge without running the product: `make check`.

With --fix it formats the code and mends what ruff can mend instead: `make fmt`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from scripts import setup, throwaway_settings
from scripts.audit import NOT_CHECKED
from scripts.console import ROOT, VENV, VENV_PYTHON, exit_on_signals, say

MANAGE = (str(VENV_PYTHON), "manage.py")
MODULE = (str(VENV_PYTHON), "-m")


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    check: Check
    code: int
    output: str
    seconds: float


def tool(name: str) -> str:
    return str(VENV / "bin" / name)


def checks() -> list[Check]:
    """Slow ones first: they run two at a time."""
    production = throwaway_settings.production()
    return [
        Check("types", [tool("mypy"), "."]),
        Check("import contracts", [tool("lint-imports")]),
        Check(
            "deployment",
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            production,
        ),
        Check(
            "migrations",
            [*MANAGE, "makemigrations", "--check", "--dry-run"],
            # Django asks the database which migrations it has: an empty one will do.
            {**production, "DATABASE_URL": "sqlite://:memory:"},
        ),
        Check("vulnerabilities", [*MODULE, "scripts.audit"]),
        Check("format", [tool("ruff"), "format", "--check", "."]),
        Check("lint", [tool("ruff"), "check", "."]),
        Check("licences", [*MODULE, "scripts.licences"]),
        Check("secrets", [*MODULE, "scripts.secret_scan"]),
        Check("vendored files", [str(VENV_PYTHON), "scripts/vendor.py", "--check"]),
    ]


def fixes() -> list[Check]:
    return [
        Check("lint", [tool("ruff"), "check", "--fix", "."]),
        Check("format", [tool("ruff"), "format", "."]),
    ]


def judge(check: Check) -> Verdict:
    started = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env={**os.environ, **check.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Verdict(check, done.returncode, done.stdout, time.monotonic() - started)


def tell(verdict: Verdict) -> None:
    words = {0: "ok", NOT_CHECKED: "NOT CHECKED"}
    word = words.get(verdict.code, "FAILED")
    say(f"  {verdict.check.name:<20} {word:<11} {verdict.seconds:5.1f} s")
    if verdict.code:
        say("\n".join(f"    {line}" for line in verdict.output.splitlines()))


def run_all(wanted: list[Check], workers: int) -> bool:
    """Run every check, whatever the others say. Whether all of them passed."""
    with ThreadPoolExecutor(workers) as pool:
        passed = []
        for future in as_completed([pool.submit(judge, check) for check in wanted]):
            tell(future.result())
            passed.append(future.result().code in (0, NOT_CHECKED))
    return all(passed)


def main() -> None:
    exit_on_signals()
    setup.ensure("dev")
    started = time.monotonic()
    fixing = "--fix" in sys.argv
    passed = run_all(fixes(), 1) if fixing else run_all(checks(), 2)
    say(
        f"{'All passed' if passed else 'Failed'} in {time.monotonic() - started:.1f} s."
    )
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
