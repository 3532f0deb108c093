"""docs/security.md: every point of ASVS 5.0, levels 1 and 2, with a proof that exists."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

from scripts.console import ROOT

PAGE = ROOT / "docs" / "security.md"
# Section → how many points of levels 1 and 2 it has; they come first in each.
POINTS = """
V1.1 2  V1.2 9  V1.3 11  V1.4 3  V1.5 2
V2.1 3  V2.2 3  V2.3 4  V2.4 1
V3.2 2  V3.3 4  V3.4 6  V3.5 5  V3.7 2
V4.1 3  V4.2 1  V4.3 2  V4.4 4
V5.1 1  V5.2 3  V5.3 2  V5.4 3
V6.1 3  V6.2 12  V6.3 4  V6.4 4  V6.5 5  V6.6 3  V6.8 4
V7.1 3  V7.2 4  V7.3 2  V7.4 5  V7.5 2  V7.6 2
V8.1 2  V8.2 3  V8.3 1  V8.4 1
V9.1 3  V9.2 4
V10.1 2  V10.2 2  V10.3 4  V10.4 11  V10.5 5  V10.6 2  V10.7 3
V11.1 2  V11.2 3  V11.3 3  V11.4 4  V11.5 1  V11.6 1
V12.1 3  V12.2 2  V12.3 4
V13.1 1  V13.2 5  V13.3 2  V13.4 5
V14.1 2  V14.2 4  V14.3 3
V15.1 3  V15.2 3  V15.3 7
V16.1 1  V16.2 5  V16.3 4  V16.4 3  V16.5 3
V17.1 1  V17.2 4  V17.3 2
"""
_ROW = re.compile(r"^\| (V[\d.]+(?: to V[\d.]+)?) \| (.+?) \| (.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"(setting|page|file)? ?`([\w./:-]+)`")


@cache
def rows() -> list[tuple[str, str, str]]:
    return _ROW.findall(PAGE.read_text(encoding="utf-8"))


def points(ids: str) -> list[str]:
    """`V1.2.6 to V1.2.8` are three."""
    first, _, last = ids.partition(" to ")
    section, number = first.rsplit(".", 1)
    end = int((last or first).rsplit(".", 1)[1])
    return [f"{section}.{each}" for each in range(int(number), end + 1)]


def test_every_point_of_levels_1_and_2_has_its_line():
    words = POINTS.split()
    counts = zip(words[::2], map(int, words[1::2]), strict=True)
    wanted = [f"{name}.{n}" for name, count in counts for n in range(1, count + 1)]
    told = [point for ids, _, _ in rows() for point in points(ids)]
    assert sorted(told) == sorted(wanted)


def test_every_line_says_how_it_stands():
    begins = ("met by ", "not applicable: ", "not met, by choice: ")
    assert [ids for ids, _, how in rows() if not how.startswith(begins)] == []


@pytest.mark.parametrize(
    ("ids", "how"), [(ids, how) for ids, _, how in rows() if how.startswith("met by")]
)
def test_what_meets_a_point_exists(ids, how):
    named = _NAMED.findall(how.split(" (")[0])
    assert named, ids
    for kind, name in named:
        assert exists(kind, name), f"{ids} names {name}"


def exists(kind: str, name: str) -> bool:
    if kind == "setting":
        return hasattr(settings, name)
    path, _, test = name.partition("::")
    file = ROOT / path
    return file.is_file() and (not test or f"def {test}(" in source(file))


@cache
def source(file: Path) -> str:
    return file.read_text(encoding="utf-8")
