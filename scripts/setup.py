"""Make .venv hold what the lock files say: `python3 -m scripts.setup [demo|dev]`.

Runs on a bare Python. A stamp in the environment (hashes of the lock, version of
Python) lets every later run end at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import debian
from scripts.console import (
    ROOT,
    VENV,
    VENV_PYTHON,
    exit_on_signals,
    fail,
    say,
    short,
    step,
    tail,
)

GROUPS = ("demo", "dev")  # each holds all of the one before
REQUIREMENTS = ROOT / "requirements"
BOOTSTRAP = REQUIREMENTS / "bootstrap.txt"
STAMP = VENV / "later-setup.json"
LOG = ROOT / "var" / "log" / "setup.log"


def ensure(group: str) -> None:
    """Install the locked packages of the group, if that was not done before."""
    if is_current(group):
        return
    with _alone():
        if is_current(group):
            return
        _install(_widest(group))


def is_current(group: str) -> bool:
    """Whether the group, or a wider one, is installed from the lock as it is."""
    wider = GROUPS[GROUPS.index(group) :]
    stamp = _read_stamp()
    return stamp.get("group") in wider and stamp == _stamp_for(stamp["group"])


def _widest(group: str) -> str:
    """Never narrow an environment: `make demo` must not undo `make test`."""
    return max(group, _read_stamp().get("group", group), key=GROUPS.index)


def _read_stamp() -> dict[str, str]:
    if not (STAMP.exists() and VENV_PYTHON.exists()):
        return {}
    stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    return stamp


def _stamp_for(group: str) -> dict[str, str]:
    lock = (REQUIREMENTS / f"{group}.txt").read_bytes() + BOOTSTRAP.read_bytes()
    return {
        "group": group,
        "lock": hashlib.sha256(lock).hexdigest(),
        "python": platform.python_version(),
    }


def _install(group: str) -> None:
    started = time.monotonic()
    say(f"Setting up Later in {short(VENV)} (once; some 10 to 60 s)")
    STAMP.unlink(missing_ok=True)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_bytes(b"")
    _make_environment()
    install_with_uv = _bootstrap_uv()
    lock = REQUIREMENTS / f"{group}.txt"
    count = sum("==" in line for line in lock.read_text("utf-8").splitlines())
    with step(f"{count} packages from {short(lock)}"):
        _run(_uv_command(lock) if install_with_uv else _pip_command(lock))
    STAMP.write_text(json.dumps(_stamp_for(group), indent=1), encoding="utf-8")
    say(f"  set up in {time.monotonic() - started:.1f} s")


def _make_environment() -> None:
    if Path(sys.prefix) == VENV:  # it runs us: usable, and not to be pulled away
        return
    if importlib.util.find_spec("ensurepip") is None:
        # Debian splits it off; without it an environment has no pip.
        debian.ensure([_venv_tool()])
    with step(f"Environment with Python {platform.python_version()}"):
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def _venv_tool() -> debian.Tool:
    def present() -> bool:
        importlib.invalidate_caches()
        return importlib.util.find_spec("ensurepip") is not None

    return debian.Tool("Python's venv and pip", "python3-venv", present)


def _bootstrap_uv() -> bool:
    """Install uv by pinned hash. False where it can't be had: pip is slower only."""
    with step("Installer uv"):
        done = _call(_pip_command(BOOTSTRAP)) == 0
    if not done:
        say("  uv can't be had here; installing with pip, which takes longer")
    return done


def _pip_command(lock: Path) -> list[str]:
    words = ["-m", "pip", "install", "--require-hashes", "--disable-pip-version-check"]
    return [str(VENV_PYTHON), *words, "--requirement", str(lock)]


def _uv_command(lock: Path) -> list[str]:
    """Sync, so that what the lock no longer names goes away too."""
    words = ["-m", "uv", "pip", "sync", "--require-hashes", "--python"]
    return [str(VENV_PYTHON), *words, str(VENV_PYTHON), str(lock), str(BOOTSTRAP)]


def _call(command: list[str]) -> int:
    # A PYTHONPATH of the caller would bring its packages into ours.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    with LOG.open("ab") as log:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            check=False,
        ).returncode


def _run(command: list[str]) -> None:
    if _call(command):
        fail(f"Setting up failed. {short(LOG)} ends:\n{tail(LOG)}")


@contextmanager
def _alone() -> Iterator[None]:
    """One setup at a time in this folder: `make demo` beside `make test`."""
    lock = ROOT / "var" / "setup.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main() -> None:
    group = sys.argv[1] if len(sys.argv) > 1 else "dev"
    if group not in GROUPS:
        fail(f"Unknown group {group!r}: say one of {', '.join(GROUPS)}.")
    exit_on_signals()
    started = time.monotonic()
    ensure(group)
    say(f"Set up ({time.monotonic() - started:.2f} s).")


if __name__ == "__main__":
    main()
