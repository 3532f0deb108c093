"""Record keys of our own choosing."""

from __future__ import annotations

import re

import pytest

from platforms.bluesky import tid


@pytest.mark.parametrize(
    ("microseconds", "clock_id", "key"),
    [
        (0, 0, "2222222222222"),
        (1_795_300_000_000_000, 7, "3n2u5hgbu222b"),
        (1_795_300_000_000_001, 7, "3n2u5hgbu232b"),
    ],
)
def test_known_vectors(microseconds: int, clock_id: int, key: str) -> None:
    assert tid.encode(microseconds, clock_id) == key


def test_later_keys_sort_after_earlier_ones() -> None:
    keys = [tid.encode(1_795_300_000_000_000 + n * 977, 1_023) for n in range(100)]
    assert keys == sorted(keys)


def test_new_keys_have_the_specified_form_and_differ() -> None:
    keys = {tid.new() for _ in range(50)}
    assert len(keys) > 40
    form = re.compile(r"[2-7a-j][2-7a-z]{12}")
    assert all(form.fullmatch(key) for key in keys)
