"""Passwords that others try first, from lists that are here: the network isn't asked."""

from __future__ import annotations

import hashlib
import mmap
import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

KNOWN = "This password is known from leaks, and among the first that are tried."
VARIED = (
    "This is a well-known password with a few characters around it, and among the "
    "first that are tried. A few unrelated words are safer."
)
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LEET = str.maketrans("013457@$!", "oieastasi")
_SHA1_LINE = re.compile(rb"^[0-9A-F]{40}(:\d+)?\r?$")
# A core as short as this says nothing.
SHORTEST = 4


class VariedPasswordValidator:
    """`Password2024!`, `p4ssw0rd…` and `abcabcabc` are what their core is (R-A8)."""

    def __init__(self) -> None:
        self.common: set[str] = CommonPasswordValidator().passwords

    def validate(self, password: str, user: object = None) -> None:
        if len(_repeated(password)) < SHORTEST or cores(password) & self.common:
            raise ValidationError(VARIED, code="password_varied")

    def get_help_text(self) -> str:
        return "Not a well-known password with a few characters around it."


class BlocklistValidator:
    """The operator's own list, PASSWORD_BLOCKLIST, of any size."""

    def validate(self, password: str, user: object = None) -> None:
        path = settings.PASSWORD_BLOCKLIST
        if path and is_listed(password, Path(path)):
            raise ValidationError(KNOWN, code="password_listed")

    def get_help_text(self) -> str:
        return "Not one that is known from leaks."


def cores(password: str) -> set[str]:
    """What is left without decoration, and the part that is repeated."""
    plain = password.lower()
    spelled = {plain, plain.translate(_LEET)}
    bare = {_AROUND.sub("", text) for text in spelled}
    bare |= {text.translate(_LEET) for text in bare}
    found = spelled | bare | {_repeated(text) for text in spelled | bare}
    return {core for core in found - {plain} if len(core) >= SHORTEST}


def _repeated(text: str) -> str:
    """`abc` of `abcabcabc`; else the text itself."""
    return text[: (text + text).find(text, 1)] if text else ""


def is_listed(password: str, path: Path) -> bool:
    """Looked up in a file of lines sorted by their bytes, without reading it whole.

    Lines are passwords, or SHA-1 sums in capitals with `:count` behind, as Have I Been
    Pwned publishes them.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
            return _search(lines, _sought(password, lines))


def is_sorted(path: Path, *, samples: int = 1_000) -> bool:
    """As far as a thousand lines across the file tell."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return True
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
            step = max(1, len(lines) // samples)
            seen = [_line_at(lines, at)[1] for at in range(0, len(lines), step)]
    return seen == sorted(seen)


def _sought(password: str, lines: mmap.mmap) -> bytes:
    if _SHA1_LINE.match(_line_at(lines, 0)[1]):
        digest = hashlib.sha1(password.encode(), usedforsecurity=False)
        return digest.hexdigest().upper().encode()
    return password.encode()


def _search(lines: mmap.mmap, sought: bytes) -> bool:
    low, high = 0, len(lines)
    while low < high:
        start, line = _line_at(lines, (low + high) // 2)
        key = line.split(b":")[0] if _SHA1_LINE.match(line) else line
        if key == sought:
            return True
        if key < sought:
            low = _end(lines, start) + 1
        else:
            high = start
    return False


def _line_at(lines: mmap.mmap, at: int) -> tuple[int, bytes]:
    """Where the line begins that a place is in, and what it says."""
    start = lines.rfind(b"\n", 0, at) + 1
    return start, lines[start : _end(lines, start)].rstrip(b"\r")


def _end(lines: mmap.mmap, start: int) -> int:
    found = lines.find(b"\n", start)
    return found if found >= 0 else len(lines)
