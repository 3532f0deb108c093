"""Programs that Debian ships: found, installed where that is allowed, or asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.console import ROOT, fail, short, step, tail

APT_LOG = ROOT / "var" / "log" / "apt.log"
QUIETLY = ("--yes", "--no-install-recommends")


@dataclass(frozen=True)
class Tool:
    """A program, the Debian package that has it, and how to see that it is there."""

    name: str
    package: str
    present: Callable[[], bool]


def on_path(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) for name in names)


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres; Debian keeps it off the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(path.parent.parent.name))
    found = str(newest[-1]) if newest else shutil.which("initdb")
    return Path(found).parent if found else None


POSTGRESQL = Tool("PostgreSQL", "postgresql", lambda: postgres_programs() is not None)
REDIS = Tool("Redis", "redis-server", on_path("redis-server"))
CHROMIUM = Tool("Chromium", "chromium", on_path("chromium"))
# The same engine without a browser's window: a new page takes a quarter of the time.
HEADLESS = Tool(
    "Chromium without a window",
    "chromium-headless-shell",
    on_path("chromium-headless-shell"),
)
FFMPEG = Tool("ffmpeg", "ffmpeg", on_path("ffmpeg", "ffprobe"))
COMPILER = Tool("a C++ compiler", "g++", on_path("g++"))


def may_install() -> bool:
    """Root on a machine with apt-get, unless LATER_NO_INSTALL=1 forbids it."""
    allowed = os.environ.get("LATER_NO_INSTALL") != "1"
    return allowed and os.geteuid() == 0 and shutil.which("apt-get") is not None


def ensure(tools: Iterable[Tool]) -> None:
    """Install what is missing, or end with the command that would."""
    missing = [tool for tool in tools if not tool.present()]
    if not missing:
        return
    packages = sorted({tool.package for tool in missing})
    names = ", ".join(tool.name for tool in missing)
    if not may_install():
        fail(f"Missing: {names}. Please run\n\n    {command_for(packages)}\n")
    install(packages)
    still = [tool.name for tool in missing if not tool.present()]
    if still:
        fail(f"Installed {' '.join(packages)}, but there is still no {still[0]}.")


def prefer(better: Tool, usual: Tool) -> None:
    """The better one where it is or can be installed; else the usual one, as ever."""
    if not better.present() and may_install():
        with step(f"Installing {better.package}, if Debian has it here"):
            _ = _run("update") and _run("install", *QUIETLY, better.package)
    if not better.present():
        ensure([usual])


def command_for(packages: Iterable[str]) -> str:
    prefix = "" if os.geteuid() == 0 else "sudo "
    return f"{prefix}apt-get update && {prefix}apt-get install {' '.join(packages)}"


def install(packages: list[str]) -> None:
    with step("Refreshing the list of Debian packages"):
        _apt_get("update")
    with step(f"Installing {' '.join(packages)}"):
        _apt_get("install", *QUIETLY, *packages)


def _apt_get(*words: str) -> None:
    if not _run(*words):
        fail(f"apt-get {words[0]} failed. {short(APT_LOG)} ends:\n{tail(APT_LOG)}")


def _run(*words: str) -> bool:
    """Did apt-get do it? What it says is in the log."""
    APT_LOG.parent.mkdir(parents=True, exist_ok=True)
    with APT_LOG.open("ab") as log:
        result = subprocess.run(
            ["apt-get", "-q", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            check=False,
        )
    return result.returncode == 0
