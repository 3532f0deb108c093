"""What git knows about this folder."""

from __future__ import annotations

import subprocess

from scripts.console import ROOT


def commit() -> str:
    """Short name of the commit we stand on; empty outside a repository."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    result = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return result.stdout.strip()
