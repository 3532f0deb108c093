"""A profile moves or goes while somebody writes for it: on PostgreSQL (R-B5, R-D7)."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from accounts.actions.groups import create_group
from core.errors import DomainError, DomainErrors
from profiles.actions.relocate import relocate
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from scheduling.actions.create import create_post
from scheduling.actions.delete import delete_post
from scheduling.actions.edit import edit_post
from scheduling.models import Post, Target
from tests.scheduling.conftest import DRAFT, content
from tests.scheduling.test_races import _until_somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch):
    monkeypatch.setattr("profiles.actions.remove.enqueue", lambda *_: None)


@pytest.fixture
def place(cast):
    group = create_group(account=cast.group.account, actor=cast.alice, name="Harbour")
    return create_set(group=group, actor=cast.alice, name="There")


@pytest.fixture
def elsewhere():
    """Run an act on a connection of its own; its refusal is an answer too."""
    pool = ThreadPoolExecutor(1)

    def start(act) -> Future:
        def run():
            try:
                return act()
            except DomainError as error:
                return error
            finally:
                connections.close_all()

        return pool.submit(run)

    yield start
    pool.shutdown()


def leaving(way, cast, words, place):
    if way == "moved":
        relocate(profile=words, to=place, actor=cast.alice)
    else:
        remove(profile=words, actor=cast.alice)


def writing(cast, words):
    return lambda: create_post(
        actor=cast.bob, group=cast.group, content=content(words), when=DRAFT
    )


@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are locked there")
@pytest.mark.parametrize("way", ["moved", "disconnected"])
def test_a_post_written_meanwhile_is_refused(cast, words, place, elsewhere, way):
    """R-B1: no post of one group ever stands on a profile of another."""
    with transaction.atomic():
        leaving(way, cast, words, place)
        answer = elsewhere(writing(cast, words))
        _until_somebody_waits_for_a_lock()
    error = answer.result(30)
    assert isinstance(error, DomainError)
    assert error.code == "profile_unknown"
    assert not Target.objects.exists()


def test_who_saves_a_post_that_moved_meanwhile_is_told(make_post, cast, words, place):
    """Rights were judged for the old group; Bob has none in the new one."""
    post = make_post()
    stale = Post.objects.select_related("group").get(pk=post.pk)
    relocate(profile=words, to=place, actor=cast.alice)
    acts = (
        lambda: delete_post(actor=cast.bob, post=stale),
        lambda: edit_post(
            actor=cast.bob,
            post=stale,
            version=stale.version,
            content=content(words),
            when=DRAFT,
        ),
    )
    for act in acts:
        with pytest.raises(DomainError, match="deleted or moved meanwhile"):
            act()
    assert Post.objects.alive().get().group == place.group


def test_a_draft_for_a_profile_that_went_is_told_beside_the_profiles(
    cast, words, place
):
    relocate(profile=words, to=place, actor=cast.alice)
    with pytest.raises(DomainErrors) as caught:
        writing(cast, words)()
    assert [error.field for error in caught.value.errors] == ["profiles"]
