"""The order of the suite: what takes long comes first, or a processor idles at the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.run_tests import PARALLEL
from tests.support.plugin_order import LONG, pytest_collection_modifyitems

TESTS = Path(__file__).resolve().parents[1]


class Item:
    def __init__(self, name: str) -> None:
        self.path = TESTS / name


def ordered(*names: str) -> list[str]:
    items: list[pytest.Item] = [Item(name) for name in names]  # type: ignore[misc]
    pytest_collection_modifyitems(items)
    return [item.path.relative_to(TESTS).as_posix() for item in items]


def test_each_of_the_long_files_is_there_once() -> None:
    assert len(set(LONG)) == len(LONG)
    assert [name for name in LONG if not (TESTS / name).exists()] == []


def test_the_long_ones_come_first_in_their_order() -> None:
    assert ordered("core/test_z.py", LONG[1], LONG[0]) == [
        LONG[0],
        LONG[1],
        "core/test_z.py",
    ]


def test_the_others_keep_the_order_in_which_they_were_shuffled() -> None:
    names = ["ui/test_b.py", "core/test_c.py", "ui/test_a.py"]
    assert ordered(*names) == names


def test_files_are_handed_out_in_that_order() -> None:
    """xdist's own is by the number of tests, however long one takes."""
    assert "--no-loadscope-reorder" in PARALLEL
