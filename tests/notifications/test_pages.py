"""The bell, the page of notices, and the demo's mailbox."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import User
from later.context import shell
from notifications.models import Mail, Notice
from tests.people import Cast

pytestmark = pytest.mark.django_db
LIST = "/notices/"


def told(user: User, title: str = "Your post failed", path: str = "/ui/") -> Notice:
    return Notice.objects.create(
        user=user, code="target.failed", title=title, text="Too wide.", path=path
    )


def bell(client: Client) -> str:
    """What the bell says, on a page that has nothing to do with notices."""
    page = client.get(reverse("account_email")).content.decode()
    return page.split('href="/notices/" aria-label="')[1].split('"')[0]


def test_the_bell_counts_what_is_unread(alice: Client, cast: Cast) -> None:
    assert bell(alice) == "Notices"
    told(cast.alice)
    told(cast.alice)
    told(cast.bob)
    assert bell(alice) == "Notices, 2 unread"


def test_the_bell_counts_no_further_than_it_shows(alice: Client, cast: Cast) -> None:
    for _ in range(101):
        told(cast.alice)
    assert bell(alice) == "Notices, more than 99 unread"


def test_the_bell_costs_one_query_and_none_without_a_frame(
    cast: Cast, rf: Any, django_assert_num_queries: Any
) -> None:
    request = rf.get("/")
    request.user = cast.alice
    with django_assert_num_queries(0):
        count: Any = shell(request)["unread_notices"]
    with django_assert_num_queries(1):
        assert (count(), count()) == (0, 0)


def test_the_page_lists_ones_own_newest_first(alice: Client, cast: Cast) -> None:
    told(cast.alice, "First")
    told(cast.alice, "Second")
    told(cast.charlie, "Charlie's own")
    page = alice.get(LIST)
    assert [notice.title for notice in page.context["page"]] == ["Second", "First"]
    assert b"Charlie" not in page.content


def test_a_page_without_notices_says_what_it_is_for(alice: Client) -> None:
    page = alice.get(LIST).content
    assert b"Nothing to tell" in page
    assert b"Mark all read" not in page


def test_opening_leads_to_the_post_and_marks_it_read(alice: Client, cast: Cast) -> None:
    notice = told(cast.alice)
    for _ in range(2):
        assert alice.get(f"{LIST}{notice.pk}/")["Location"] == "/ui/"
    first = Notice.objects.get(pk=notice.pk).read_at
    alice.get(f"{LIST}{notice.pk}/")
    assert first is not None
    assert Notice.objects.get(pk=notice.pk).read_at == first
    assert bell(alice) == "Notices"


def test_all_are_marked_read_by_a_post_and_nobody_elses(
    alice: Client, cast: Cast
) -> None:
    told(cast.alice)
    theirs = told(cast.charlie)
    assert alice.get(f"{LIST}read/").status_code == 405
    assert alice.post(f"{LIST}read/")["Location"] == LIST
    assert bell(alice) == "Notices"
    theirs.refresh_from_db()
    assert theirs.read_at is None


def test_anothers_notice_is_not_there(charlie: Client, cast: Cast) -> None:
    """R-B1."""
    notice = told(cast.alice)
    assert charlie.get(f"{LIST}{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("path", [LIST, f"{LIST}1/", f"{LIST}read/"])
def test_a_visitor_is_led_to_the_sign_in(client: Client, path: str) -> None:
    answer = client.post(path) if path.endswith("read/") else client.get(path)
    assert answer["Location"].startswith("/user/login/")


def test_many_notices_come_in_pages(alice: Client, cast: Cast) -> None:
    for number in range(51):
        told(cast.alice, f"N{number}")
    assert b'href="?page=2"' in alice.get(LIST).content
    assert len(alice.get(f"{LIST}?page=2").context["page"]) == 1


def test_the_demos_mailbox_shows_what_was_sent(
    client: Client, settings: LazySettings
) -> None:
    settings.EMAIL_BACKEND = "notifications.mailbox.EmailBackend"
    message = EmailMultiAlternatives("Hello", "Plain <b>words</b>", to=["a@b.example"])
    message.attach_alternative("<p>Rich words</p>", "text/html")
    assert message.send() == 1
    assert b"Hello" in client.get("/mail/").content
    kept = Mail.objects.get()
    assert (kept.to, kept.html) == ("a@b.example", "<p>Rich words</p>")
    page = client.get(f"/mail/{kept.pk}/").content
    assert b"Plain &lt;b&gt;words&lt;/b&gt;" in page
    assert client.get("/mail/999/").status_code == 404


def test_times_are_those_of_the_group_until_a_person_has_a_zone(
    alice: Client, cast: Cast
) -> None:
    notice = told(cast.alice)
    at = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    Notice.objects.filter(pk=notice.pk).update(created_at=at)
    assert "2 Mar, 23:30" in alice.get(LIST).content.decode()
    alice.post(LIST + "zone/", {"timezone": "Asia/Tokyo"})
    page = alice.get(LIST).content.decode()
    assert "3 Mar, 07:30" in page
    assert "Times as in Asia/Tokyo." in page


def test_a_zone_that_is_none_changes_nothing(alice: Client, cast: Cast) -> None:
    for zone in ("", "Mars/Olympus", "../etc/passwd"):
        answer = alice.post(LIST + "zone/", {"timezone": zone}, follow=True)
        assert "tell its time zone" in answer.content.decode()
    cast.alice.refresh_from_db()
    assert cast.alice.timezone == ""


def test_a_notice_says_where_pressing_it_leads(alice: Client, cast: Cast) -> None:
    told(cast.alice)
    Notice.objects.update(button="Refresh @mira")
    assert "Refresh @mira" in alice.get(LIST).content.decode()
