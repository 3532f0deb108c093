"""A profile moves while its posts fall due: on PostgreSQL, in real transactions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from accounts.actions.groups import create_group
from core.errors import DomainError
from profiles.actions.relocate import relocate
from profiles.actions.sets import create_set
from publishing.actions.claim import tick
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.publishing.conftest import work_off

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(cast):
    group = create_group(account=cast.group.account, actor=cast.alice, name="Harbour")
    return create_set(group=group, actor=cast.alice, name="There")


def elsewhere(act):
    """On another connection, as another process would; with its answer."""

    def run():
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result(30)


def test_what_was_claimed_first_makes_the_move_wait(target, profile, place, cast):
    """R-B5, R-F3: nothing of it moves; the worker goes on as if nobody had asked."""
    claimed = tick()
    with pytest.raises(DomainError) as caught:
        relocate(profile=profile, to=place, actor=cast.alice)
    assert caught.value.code == "in_flight"
    assert len(claimed.to_publish) == 1
    assert Post.objects.get().group == cast.group


def test_while_it_moves_nothing_of_it_is_claimed(target, profile, place, cast):
    """R-B5: the tick doesn't wait either, it takes what nobody holds."""
    with transaction.atomic():
        relocate(profile=profile, to=place, actor=cast.alice)
        assert elsewhere(tick).to_publish == []
    assert Target.objects.get().state == TargetState.SCHEDULED


def test_what_moved_while_due_goes_out_once_from_its_new_group(
    target, profile, place, cast, script
):
    """R-B5, R-F3."""
    relocate(profile=profile, to=place, actor=cast.alice)
    work_off()
    work_off()
    row = Target.objects.select_related("post").get()
    assert (row.state, row.post.group) == (TargetState.PUBLISHED, place.group)
    assert len(script.accepted) == 1
