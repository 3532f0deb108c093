"""The rest of a deleted account goes, in batches, with its files and tokens (R-I3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Account, User
from core import clock
from core.holdings import Batches
from leaving.actions import erase
from leaving.actions.close import close_account
from leaving.actions.erase import go_on
from leaving.actions.leave import delete_person
from leaving.actions.purge import purge
from leaving.models import Deletion
from platforms.bluesky.adapter import Bluesky
from platforms.errors import Unavailable
from profiles.actions.remove import revoke
from profiles.models import Connection, SocialProfile
from scheduling.models import Post
from tests.factories import PostFactory
from tests.leaving.conftest import WORD, files_with_word, places_in_database

pytestmark = pytest.mark.django_db


@pytest.fixture
def revoked(monkeypatch) -> list[str]:
    """The platform, which takes every right back."""
    found: list[str] = []
    monkeypatch.setattr(
        Bluesky, "revoke", lambda self, token, profile: found.append(token.access)
    )
    return found


def close(cast) -> Deletion:
    return close_account(account=cast.group.account, actor=cast.alice)


def work_through(deletion: Deletion) -> Deletion:
    """Worker and queue: what is asked for is done, until nothing is open."""
    erase.erase(deletion.pk)
    for pk in Connection.objects.exclude(farewell="").values_list("pk", flat=True):
        revoke(str(pk))
    erase.erase(deletion.pk)
    deletion.refresh_from_db()
    return deletion


def test_nothing_is_left_of_a_person_and_their_account(planted, settings, revoked):
    """R-I3: the word stands in every table and file before; 91 days later nowhere."""
    root = settings.MEDIA_ROOT
    assert len(places_in_database()) >= 15
    assert len(files_with_word(root)) == 2
    delete_person(person=planted.alice, heirs={})
    work_through(Deletion.objects.get(kind="account"))
    assert files_with_word(root) == []
    # Bob was told things that name her, and he has them for as long as logs are kept.
    assert places_in_database() == ["notifications_notice"]
    with time_machine.travel(clock.now() + timedelta(days=91), tick=False):
        purge()
        assert places_in_database() == []


def test_a_token_is_revoked_at_its_platform_then_destroyed(planted, revoked):
    """R-D7: with the rights of the account gone, as for a disconnected profile."""
    deletion = work_through(close(planted))
    assert revoked == ["canary-token-of-the-profile-0001"]
    assert deletion.done_at
    assert not SocialProfile.objects.exists()


def test_a_platform_that_is_away_delays_its_profile_only(planted, monkeypatch):
    """R-I3: everything else goes meanwhile; the token waits, sealed, for a day."""

    def away(self, token, profile):
        raise Unavailable("away")

    monkeypatch.setattr(Bluesky, "revoke", away)
    deletion = work_through(close(planted))
    assert deletion.done_at is None
    assert not Post.objects.filter(group=planted.group).exists()
    assert Connection.objects.exclude(farewell="").count() == 1
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert work_through(deletion).done_at
        assert not SocialProfile.objects.exists()


def test_an_account_goes_in_batches(planted, monkeypatch, revoked):
    """R-I3: no statement takes more than its share."""
    PostFactory.create_batch(7, group=planted.group)
    sizes = []
    delete = erase.delete_rows

    def seen(model, ids, batches):
        sizes.append((model.__name__, len(ids)))
        return delete(model, ids, batches)

    monkeypatch.setattr(erase, "delete_rows", seen)
    small = [
        each if each.model is not Post else _with_batches(each, 3)
        for each in erase.batched()
    ]
    monkeypatch.setattr(erase, "batched", lambda: small)
    work_through(close(planted))
    assert [size for name, size in sizes if name == "Post"] == [3, 3, 2]


def _with_batches(holding, size):
    return type(holding)(
        holding.model, holding.export, holding.account, batches=Batches(size)
    )


def test_what_was_cut_off_is_gone_on_with(planted, monkeypatch, revoked):
    """A worker that dies leaves rows, never half a row: the next one sees them."""
    deletion = close(planted)
    assert erase.erase(deletion.pk, slice_s=-1) is False
    deletion.refresh_from_db()
    assert (deletion.done_at, deletion.lease_until) == (None, None)
    sent = []
    monkeypatch.setattr(erase, "enqueue", lambda *args: sent.append(args))
    assert go_on() == 1
    assert sent == [("leaving.erase", str(deletion.pk))]
    assert work_through(deletion).done_at


def test_two_workers_don_t_do_it_twice(planted):
    deletion = close(planted)
    lease = clock.now() + timedelta(minutes=1)
    Deletion.objects.update(lease_until=lease)
    assert erase.erase(deletion.pk) is False
    assert Post.objects.filter(group=planted.group).exists()
    assert go_on() == 0


def test_the_receipt_counts_what_went(planted, revoked):
    """R-J6: a deletion receipt with dates."""
    deletion = work_through(close(planted))
    gone = {key: deletion.gone[key] for key in ("posts", "media", "profiles", "groups")}
    assert gone == {"posts": 1, "media": 1, "profiles": 1, "groups": 1}
    page = Client().get(f"/data-deletion/{deletion.code}/").content.decode()
    assert "Your data is deleted" in page
    for words in ("1 post", "1 file", "1 profile", "1 Access Group"):
        assert f"<li>{words}</li>" in page
    assert WORD not in page


def test_other_accounts_keep_everything(planted, revoked):
    other = PostFactory(group=planted.charlies_group, author=planted.charlie)
    work_through(close(planted))
    assert list(Post.objects.all()) == [other]
    assert list(Account.objects.all()) == [planted.charlies_group.account]


def test_who_stood_for_its_owner_goes_with_the_next_purge(planted, revoked):
    """Nameless rows don't pile up."""
    work_through(close(planted))
    assert User.objects.filter(email__endswith="@deleted.invalid").count() == 1
    assert purge()["accounts.User"] == 1
