"""Your data: the pages of export and deletion (R-I3, R-J6)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.audit import AuditEntry
from accounts.models import Account, User
from leaving.actions.export import ask
from leaving.actions.gather import gather
from leaving.models import Deletion, Export
from tests.leaving.conftest import WORD

pytestmark = pytest.mark.django_db

LEAVE, ACCOUNT = "/user/data/delete/", "/settings/account/delete/"


@pytest.fixture
def export(cast) -> Export:
    found = ask(account=cast.group.account, actor=cast.alice)
    gather(found.pk)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("path", [LEAVE, ACCOUNT])
@pytest.mark.parametrize("method", ["get", "post"])
def test_deleting_asks_who_is_there_once_more(alice, cast, path, method):
    """R-I3: a session that was left open deletes nothing."""
    answer = getattr(alice, method)(path, {"sure": "on"})
    assert answer.status_code == 302
    assert "/user/reauthenticate/" in answer["Location"]
    assert not Deletion.objects.exists()


def test_one_is_told_beforehand_what_will_happen(planted, fresh):
    """R-I3: posts that are still to go out, profiles, people, files."""
    client = fresh(Client(), planted.alice.email)
    for path in (LEAVE, ACCOUNT):
        page = " ".join(client.get(path).content.decode().split())
        assert "1 post is still to go out: it will not" in page
        assert "1 profile: our access is given back" in page
        assert "1 person loses access at once and is told: Bob" in page
        assert "1 file (" in page


def test_what_is_not_ticked_is_not_done(owner, cast):
    answer = owner.post(ACCOUNT, {})
    assert answer.status_code == 422
    assert "Tick this to go on" in answer.content.decode()
    assert not Deletion.objects.exists()


def test_an_account_is_deleted_and_its_receipt_shown(owner, cast):
    answer = owner.post(ACCOUNT, {"sure": "on"})
    deletion = Deletion.objects.get()
    assert answer["Location"] == f"/data-deletion/{deletion.code}/"
    assert (
        "Your data is being deleted" in owner.get(answer["Location"]).content.decode()
    )
    assert User.objects.get(pk=cast.alice.pk).is_active


def test_a_person_must_say_what_becomes_of_an_account_with_others(owner, cast):
    answer = owner.post(LEAVE, {"sure": "on"})
    assert answer.status_code == 422
    assert "Choose what becomes of it" in answer.content.decode()
    assert not Deletion.objects.exists()


def test_a_person_hands_over_leaves_and_is_signed_out(owner, cast):
    account = cast.group.account
    answer = owner.post(
        LEAVE, {"sure": "on", f"account-{account.pk}": str(cast.bob.pk)}
    )
    assert "/data-deletion/" in answer["Location"]
    assert Account.objects.get(pk=account.pk).owner == cast.bob
    assert "_auth_user_id" not in owner.session


def test_a_strangers_id_is_no_heir(owner, cast):
    """R-B1: only what the form offers."""
    name = f"account-{cast.group.account.pk}"
    answer = owner.post(LEAVE, {"sure": "on", name: str(cast.charlie.pk)})
    assert answer.status_code == 422
    assert not Deletion.objects.exists()


def test_a_member_leaves_without_choices(cast, fresh):
    client = fresh(Client(), cast.bob.email)
    page = client.get(LEAVE).content.decode()
    assert "You leave Alice Studio" in page
    client.post(LEAVE, {"sure": "on"})
    assert Deletion.objects.get().kind == "person"


def test_only_owners_can_delete_or_export_an_account(cast, fresh):
    client = fresh(Client(), cast.bob.email)
    assert client.get(ACCOUNT).status_code == 404
    assert client.post("/settings/export/").status_code == 404
    assert "its owner can export them" in client.get("/user/data/").content.decode()


def test_an_export_is_asked_for_watched_and_called_off(alice, cast):
    assert alice.post("/settings/export/")["Location"] == "/user/data/"
    export = Export.objects.get()
    page = alice.get("/user/data/").content.decode()
    assert "Waiting for its turn" in page
    assert "Prepare a new export" not in page
    line = alice.get(f"/settings/export/{export.pk}/").content.decode()
    assert line.startswith("<li")
    alice.post(f"/settings/export/{export.pk}/cancel/")
    assert "Cancelled" in alice.get("/user/data/").content.decode()


def test_the_file_asks_who_is_there_once_more(alice, export):
    """R-J6: a session that was left open gives nothing away."""
    answer = alice.get(f"/settings/export/{export.pk}/file/")
    assert answer.status_code == 302
    assert "/user/reauthenticate/" in answer["Location"]


def test_the_file_comes_as_a_download(cast, export, fresh):
    answer = fresh(Client(), cast.alice.email).get(
        f"/settings/export/{export.pk}/file/"
    )
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_who_took_it_when_and_from_where_is_written_down(cast, export, fresh):
    """R-J6: it is all that the account has."""
    client = fresh(Client(), cast.alice.email)
    answer = client.get(f"/settings/export/{export.pk}/file/")
    assert b"".join(answer.streaming_content)
    entry = AuditEntry.objects.get(verb="export.taken")
    assert (entry.actor, entry.account_id) == (cast.alice.email, export.account_id)
    assert entry.address == "127.0.0.1"


@pytest.mark.parametrize("who", ["bob", "charlie"])
def test_nobody_else_gets_the_file(cast, export, fresh, who):
    """R-B1: a member of the account neither."""
    client = fresh(Client(), getattr(cast, who).email)
    for path in ("", "file/", "cancel/"):
        method = client.post if path == "cancel/" else client.get
        assert method(f"/settings/export/{export.pk}/{path}").status_code == 404


def test_a_receipt_is_for_whoever_has_its_code(client, planted, fresh):
    fresh(Client(), planted.alice.email).post(ACCOUNT, {"sure": "on"})
    page = client.get(f"/data-deletion/{Deletion.objects.get().code}/")
    assert page.status_code == 200
    assert WORD not in page.content.decode()
    assert client.get("/data-deletion/wrong/").status_code == 404


def test_a_file_whose_days_ended_in_this_moment_is_not_there(cast, export, fresh):
    """The beat deletes it between the look at its row and the look at the disk."""
    export.file.storage.delete(str(export.file.name))
    client = fresh(Client(), cast.alice.email)
    assert client.get(f"/settings/export/{export.pk}/file/").status_code == 404
