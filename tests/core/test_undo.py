"""What lies outside of the database goes the way of its transaction."""

from __future__ import annotations

import pytest

from accounts.models import User
from core.undo import on_rollback, undoable


def test_what_was_done_is_undone_with_the_rollback_the_last_first(db):
    done: list[str] = []
    with pytest.raises(ZeroDivisionError), undoable():
        User.objects.create(email="gone@example.org")
        on_rollback(lambda: done.append("first"))
        on_rollback(lambda: done.append("second"))
        raise ZeroDivisionError
    assert done == ["second", "first"]
    assert not User.objects.filter(email="gone@example.org").exists()


def test_what_is_committed_stays(db):
    done: list[str] = []
    with undoable():
        on_rollback(lambda: done.append("never"))
    assert done == []


def test_one_in_another_has_its_own(db):
    done: list[str] = []
    with undoable():
        on_rollback(lambda: done.append("outer"))
        with pytest.raises(ZeroDivisionError), undoable():
            on_rollback(lambda: done.append("inner"))
            raise ZeroDivisionError
    assert done == ["inner"]


def test_it_works_around_a_function_again_and_again(db):
    done: list[int] = []

    @undoable()
    def act(number: int, fails: bool) -> None:
        on_rollback(lambda: done.append(number))
        if fails:
            raise ZeroDivisionError

    act(1, False)
    for number in (2, 3):
        with pytest.raises(ZeroDivisionError):
            act(number, True)
    assert done == [2, 3]


def test_outside_nobody_would_do_it():
    with pytest.raises(LookupError):
        on_rollback(print)
