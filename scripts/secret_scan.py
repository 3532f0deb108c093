"""Looks for real secrets among the files that git keeps: part of `make check`.

Patterns of what services hand out, so that made-up ones of tests don't match.
"""

from __future__ import annotations

import re
import subprocess

from scripts.console import ROOT, fail

LARGEST = 1_000_000
NEW_LINE = b"\n"
PATTERNS = {
    "a private key": rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/=\s]{200,}",
    "an AWS key": rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a GitHub token": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b",
    "a Google key": rb"\bAIza[0-9A-Za-z_-]{35}\b",
    "a Google secret": rb"\bGOCSPX-[0-9A-Za-z_-]{28}\b",
    "a Slack token": rb"\bxox[abposr]-[0-9A-Za-z-]{20,}\b",
    "a Stripe live key": rb"\b[rs]k_live_[0-9A-Za-z]{20,}\b",
    "a Meta token": rb"\bEAA[0-9A-Za-z]{80,}\b",
    "a Telegram bot's token": rb"\b\d{9,10}:AA(?!.{0,9}sandbox)[A-Za-z0-9_-]{33}\b",
    "a package index' token": rb"\bpypi-AgE[A-Za-z0-9_-]{50,}\b",
    "a web token": rb"\beyJ[A-Za-z0-9_-]{30,}\.eyJ[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{40,}\b",
}
_ANY = re.compile(b"|".join(b"(%b)" % each for each in PATTERNS.values()))


def found_in(content: bytes) -> list[str]:
    """What it looks like, and the number of its line."""
    return [_told(content, match) for match in _ANY.finditer(content)]


def _told(content: bytes, match: re.Match[bytes]) -> str:
    name = list(PATTERNS)[(match.lastindex or 1) - 1]
    return f"{name} in line {content.count(NEW_LINE, 0, match.start()) + 1}"


def kept() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    )
    return listed.stdout.decode().rstrip("\0").split("\0")


def scan() -> list[str]:
    red = []
    for name in kept():
        path = ROOT / name
        if path.is_file() and path.stat().st_size <= LARGEST:
            red += [f"{name}: {what}" for what in found_in(path.read_bytes())]
    return red


def main() -> None:
    if red := scan():
        fail("\n".join(["These look like secrets:", *red]))


if __name__ == "__main__":
    main()
