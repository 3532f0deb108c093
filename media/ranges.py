"""Parts of a file, as players seek and platforms fetch (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
CHUNK = 64 * 1024


class Unsatisfiable(Exception):
    """Nothing of the file lies in the range that was asked for."""


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None where the whole file is the right answer.

    Several ranges, and what is no range, are answered with the whole: that is allowed.
    """
    found = _ONE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size - 1
    else:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and first and int(last) < int(first):
        return None
    if start >= size or start > end:
        raise Unsatisfiable
    return start, end


def part(stream: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """From `start` to `end`, both included; closes the file."""
    with stream:
        stream.seek(start)
        left = end - start + 1
        while left and (chunk := stream.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
