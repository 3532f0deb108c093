"""Set up what measuring needs and measure: `make bench` (ONLY=demo for one area)."""

from __future__ import annotations

import os
import sys

from scripts import debian, services, setup
from scripts.console import ROOT, VENV_PYTHON, exit_on_signals


def main() -> None:
    os.chdir(ROOT)
    exit_on_signals()
    setup.ensure("dev")
    debian.ensure(services.needed())
    command = [str(VENV_PYTHON), "-m", "benchmarks.run", *sys.argv[1:]]
    # Durable: numbers taken without fsync would flatter.
    with services.running(durable=True) as environment:
        code = services.run(command, environment)
    sys.exit(code)


if __name__ == "__main__":
    main()
