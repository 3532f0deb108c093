"""Support reads what was asked in the admin, and answers by mail (R-G9)."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from accounts.models import User
from core.errors import DomainError
from notifications.actions import deliver
from support.actions.help import Asker, answer, ask, close, reply
from support.help_request import HelpRequest
from support.place import Place
from support.rights import Kind
from tests.conftest import signed_in
from tests.staff.conftest import make_staff, sign_in

pytestmark = pytest.mark.django_db
XSS = "<script>alert(1)</script>"


@pytest.fixture
def support(cast) -> User:
    return make_staff("Sam", Kind.SUPPORT)


@pytest.fixture
def found(cast) -> HelpRequest:
    return ask(asker=Asker(cast.alice), text=f"It broke {XSS}", place=Place())


def test_an_answer_is_mailed_and_kept(cast, found, mailoutbox, support):
    """R-G9: in the mail itself, with the way to reply."""
    answer(request=found, staff=support, text="Press Refresh.")
    deliver()
    [mail] = mailoutbox
    assert mail.to == [cast.alice.email]
    assert "Press Refresh." in mail.body
    assert f"/help/{found.pk}/" in mail.body
    found.refresh_from_db()
    assert (found.status, found.messages.count()) == ("answered", 2)


def test_the_person_reads_it_without_the_name_of_who_answered(cast, found, support):
    """R-I1: support speaks as support."""
    support.name = "Dana Surname"
    support.save()
    answer(request=found, staff=support, text="Press Refresh.")
    page = signed_in(cast.alice).get(f"/help/{found.pk}/").content.decode()
    assert "Press Refresh." in page
    assert "Surname" not in page


def test_who_has_no_account_is_answered_where_they_said(support, mailoutbox):
    found = ask(asker=Asker(None, "lost@example.org"), text="Why?", place=Place())
    assert answer(request=found, staff=support, text="So.")
    [mail] = mailoutbox
    assert mail.to == ["lost@example.org"]
    assert "So." in mail.body
    assert "Why?" in mail.body


def test_a_mail_that_can_t_be_sent_is_told_to_who_answers(support, settings):
    settings.EMAIL_BACKEND = "tests.leaving.test_leave.Away"
    found = ask(asker=Asker(None, "lost@example.org"), text="Why?", place=Place())
    assert not answer(request=found, staff=support, text="So.")


def test_a_reply_waits_for_an_answer_again(cast, found, support):
    answer(request=found, staff=support, text="Press Refresh.")
    close(request=found, staff=support)
    assert found.status == "closed"
    reply(request=found, actor=cast.alice, text="It broke again")
    assert found.status == "open"


@pytest.mark.parametrize("who", ["alice", "bob", "dana"])
def test_only_staff_of_the_right_kind_answers(cast, found, who):
    """R-I1: being staff alone is not enough."""
    with pytest.raises(DomainError, match="staff group"):
        answer(request=found, staff=getattr(cast, who), text="x")


def test_who_answered_stands_in_the_audit_trail(found, support):
    """R-I2"""
    answer(request=found, staff=support, text="Press Refresh.")
    entry = AuditEntry.objects.get(verb="help.answered")
    assert (entry.actor_id, entry.object_id) == (support.pk, str(found.pk))
    assert "Refresh" not in entry.words


def test_the_admin_lists_shows_and_answers(found, support):
    """R-G9: seen in the admin, escaped like everything."""
    desk = sign_in(support)
    listing = desk.get("/admin/support/helprequest/").content.decode()
    assert "Alice" in listing
    page = desk.get(f"/admin/support/helprequest/{found.pk}/change/").content.decode()
    assert "It broke" in page
    assert XSS not in page
    address = f"/admin/support/helprequest/{found.pk}/answer/"
    assert XSS not in desk.get(address).content.decode()
    assert desk.post(address, {"text": "So.", "read": "1"}).status_code == 302
    assert HelpRequest.objects.get().status == "answered"


@pytest.mark.parametrize("kind", [Kind.OPERATIONS, Kind.AUDITOR])
def test_other_staff_sees_none_of_it(found, kind):
    """R-I1: they have no business with customers' words."""
    desk = sign_in(make_staff("Otto", kind))
    for path in ("", f"{found.pk}/change/", f"{found.pk}/answer/"):
        answer = desk.get(f"/admin/support/helprequest/{path}")
        assert answer.status_code == 403, path
