"""Remove what the tools made and can make again: `make clean`."""

from __future__ import annotations

import shutil

from scripts.console import ROOT, say, short

# Not var/demo: that is somebody's data.
LEFTOVERS = (
    *(".venv", ".cache", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
    *(".import_linter_cache", ".hypothesis", "static-collected", "var/log"),
    *("var/setup.lock", "var/test-duration.json"),
)


def main() -> None:
    for path in map(ROOT.joinpath, LEFTOVERS):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        say(f"  removed {short(path)}")


if __name__ == "__main__":
    main()
