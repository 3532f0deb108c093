from __future__ import annotations

import pytest

from core.errors import DomainError
from core.names import LONGEST, checked


def code_of(name: str) -> str:
    with pytest.raises(DomainError) as refused:
        checked(name, missing="Write it.")
    return refused.value.code


@pytest.mark.parametrize("name", ["", " \t\r\n", "\u200b\u202e", "\u200d\u200e", "\0"])
def test_what_nobody_can_see_is_no_name(name):
    """R-I5."""
    assert code_of(name) == "name_missing"


def test_it_has_room_for_as_much_as_the_column():
    assert checked("x" * LONGEST, missing="") == "x" * LONGEST
    assert code_of("x" * (LONGEST + 1)) == "name_too_long"


def test_it_is_counted_after_what_hides_is_gone():
    assert checked("x" * LONGEST + "\u200b" * 50, missing="") == "x" * LONGEST


def test_it_holds_no_address_for_strangers_to_press():
    """Names stand in invitations, which go to any address."""
    assert code_of("Win now https://bad.example") == "name_is_address"


@pytest.mark.parametrize(
    "name", ["Zoë & Söhne", "مريم", "李", "👩‍👩‍👧", "A.C.M.E. 24/7"]
)
def test_any_script_is_a_name(name):
    assert checked(f" {name}\n", missing="") == name


def test_the_words_for_none_are_the_callers():
    with pytest.raises(DomainError, match=r"Write it\."):
        checked(" ", missing="Write it.")
