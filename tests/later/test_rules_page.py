"""docs/limits.md tells every rule for a post's parts together (ASVS V2.1.2)."""

from __future__ import annotations

import re

import pytest

from scheduling import checks, lateness
from scripts.console import ROOT

PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
TABLE = PAGE.split("## What must fit together")[1]
TOLD = set(re.findall(r"`(\w+)`", TABLE))
RULES = ("checks", "times", "lateness", "following", "coverage")
_CODE = re.compile(r'(?:DomainError\(|refused\(|CODE = )\s*"(\w+)"')


def codes(name: str) -> set[str]:
    source = (ROOT / "scheduling" / f"{name}.py").read_text(encoding="utf-8")
    return set(_CODE.findall(source))


@pytest.mark.parametrize("name", RULES)
def test_every_refusal_of_the_code_is_told(name):
    assert codes(name)
    assert codes(name) <= TOLD


def test_none_is_told_that_is_gone():
    known = {"kind_unknown", "profile_unknown"}.union(*map(codes, RULES))
    assert {each for each in TOLD if "_" in each} <= known


def test_its_numbers_are_the_codes():
    for number in (checks.MAX_TEXT, checks.MAX_FOLLOW_UPS, lateness.MOST_MIN):
        assert f"{number:,}" in TABLE
    assert f"{checks.MAX_FILES} at most" in TABLE
