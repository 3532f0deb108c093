"""Write the lock files from pyproject.toml: `make lock`.

Each file holds the versions of the one before, so that what is tested is what runs.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from scripts import setup
from scripts.console import ROOT, VENV_PYTHON, fail, say, short, step
from scripts.setup import REQUIREMENTS

# File, what uv is asked to resolve, the file whose versions it must keep to.
LOCKS = (
    ("base.txt", ("pyproject.toml",), None),
    ("demo.txt", ("pyproject.toml", "--group", "demo"), "base.txt"),
    ("dev.txt", ("pyproject.toml", "--group", "dev"), "demo.txt"),
)
OPTIONS = (
    *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"),
    *("--no-emit-index-url", "--no-emit-find-links", "--quiet"),
)


def compile_lock(name: str, sources: tuple[str, ...], constraint: str | None) -> None:
    """Keep the versions that stand in the file, unless UPGRADE=1."""
    bounds = ["--constraint", f"requirements/{constraint}"] if constraint else []
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") == "1" else []
    command = [str(VENV_PYTHON), "-m", "uv", "pip", "compile", *sources, *OPTIONS]
    subprocess.run(
        [*command, *bounds, *upgrade, "--output-file", f"requirements/{name}"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def problems(lock: Path) -> list[str]:
    """What must not stand in a lock: a host, a package without a hash."""
    found = []
    for entry in re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip()):
        if entry.startswith("-") or "://" in entry:
            found.append(f"names an index or a host: {entry.splitlines()[0]}")
        elif not entry.startswith("#") and "--hash=sha256:" not in entry:
            found.append(f"has no hash: {entry.splitlines()[0]}")
    return found


def main() -> None:
    setup.ensure("demo")
    for name, sources, constraint in LOCKS:
        with step(f"Locking requirements/{name}"):
            compile_lock(name, sources, constraint)
        if found := problems(REQUIREMENTS / name):
            fail(f"{short(REQUIREMENTS / name)}: {found[0]}")
    say("Done. `make setup` installs what changed.")


if __name__ == "__main__":
    main()
