"""Runs the project's own tools as somebody who has just opened a terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.console import ROOT

# What the surrounding `make test` gave us; a tool under test must not lean on it.
OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MAKELEVEL", "MAKEFLAGS")
# What tests/support/env.py sets for Django in this process.
SETTINGS = ("SECRET_KEY", "TOKEN_KEYS", "BASE_URL", "ALLOWED_HOSTS", "EMAIL_URL")


def bare_env(**given: str) -> dict[str, str]:
    """The caller's environment without anything of Later, plus what is given."""
    ours = (*OURS, *SETTINGS, "DEMO", "DEBUG", "LOG_LEVEL")
    prefixes = ("PYTEST", "PLATFORM_", "DJANGO_")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours and not name.startswith(prefixes)
    }
    return kept | given


def run_module(
    cwd: Path,
    module: str,
    *words: str,
    python: str = sys.executable,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a module of scripts/ to its end, without standard input."""
    return subprocess.run(
        [python, "-m", module, *words],
        cwd=cwd,
        env=bare_env() if env is None else dict(env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def copy_of_tools(folder: Path) -> Path:
    """A folder with the tools and the locks, without an environment."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder
