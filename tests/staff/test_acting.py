"""Looking through a customer's eyes: told, timed, read only, written down (R-I1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, URLPattern, get_resolver, resolve, reverse

from accounts.audit import AuditEntry
from accounts.models import Membership
from core import clock
from core.errors import DomainError
from notifications.actions import deliver
from notifications.models import Notice
from support.acting import Acting
from support.actions.act import begin, end
from support.allowed import NOBODYS, PAGES
from support.middleware import SESSION_KEY
from support.rights import Kind
from tests.people import PASSWORD
from tests.safety.matrix.addresses import any_path as path_of
from tests.safety.matrix.addresses import patterns
from tests.staff.conftest import last, make_staff, sign_in, verbs

pytestmark = pytest.mark.django_db
WHY = "The calendar of Bob stays empty"
BANNER = "You are looking as"


def begin_page(customer) -> str:
    return reverse("admin:acting_begin", args=[customer.pk])


@pytest.fixture
def ids(everything, cast) -> dict[str, object]:
    post = everything["scheduling.post"]
    return {
        "group_id": cast.group.pk,
        "set_id": cast.social_set.pk,
        "profile_id": everything["profiles.socialprofile"].pk,
        "post_id": post.pk,
        "pk": post.pk,
        "target_id": post.targets.get().pk,
        "platform": "bluesky",
    }


@pytest.fixture
def looking(support, everything, cast):
    """Support, looking as Bob for ten minutes."""
    answer = support.post(begin_page(cast.bob), {"reason": WHY, "minutes": 10})
    assert answer.status_code == 302
    return support


def calendar(cast) -> str:
    return f"/g/{cast.group.pk}/calendar/"


def test_staff_see_what_the_customer_sees(looking, cast, ids):
    answer = looking.get(calendar(cast))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"{BANNER} Bob" in text and WHY in text
    post = ids["post_id"]
    page = looking.get(f"/g/{cast.group.pk}/posts/{post}/").content.decode()
    assert "A walk in the hills" in page


def test_without_a_look_they_see_nothing(support, everything, cast):
    """R-B1."""
    assert support.get(calendar(cast)).status_code == 404


def test_it_opens_what_is_the_customers_and_no_more(looking, cast):
    assert looking.get(f"/g/{cast.charlies_group.pk}/calendar/").status_code == 404


def test_a_look_needs_a_reason(support, everything, cast):
    for reason in ("", "   ", "short"):
        answer = support.post(begin_page(cast.bob), {"reason": reason, "minutes": 10})
        assert answer.status_code == 422
    assert not Acting.objects.filter(
        customer=cast.bob, ended_at=None, until__gt=clock.now()
    ).exists()


@pytest.mark.parametrize("minutes", ["0", "31", "600", ""])
def test_nobody_chooses_a_longer_time(support, everything, cast, minutes):
    answer = support.post(begin_page(cast.bob), {"reason": WHY, "minutes": minutes})
    assert answer.status_code == 422


def test_who_signed_in_long_ago_proves_who_it_is_first(support, everything, cast):
    session = support.session
    session["account_authentication_methods"][0]["at"] -= 3_600
    session.save()
    answer = support.get(begin_page(cast.bob))
    assert answer["Location"].startswith("/user/reauthenticate/")
    support.post("/user/reauthenticate/", {"password": PASSWORD})
    assert support.get(begin_page(cast.bob)).status_code == 200


@pytest.mark.parametrize("kind", [Kind.ONBOARDING, Kind.OPERATIONS, Kind.AUDITOR])
def test_only_support_may_look(staff, everything, cast, kind):
    client = staff(kind)
    answer = client.post(begin_page(cast.bob), {"reason": WHY, "minutes": 10})
    assert answer.status_code == 403
    assert client.get(calendar(cast)).status_code == 404


def test_the_action_itself_refuses(everything, cast):
    """A right is checked in the action, not in the door."""
    for actor in (cast.alice, make_staff("Onno", Kind.ONBOARDING)):
        with pytest.raises(DomainError, match="doesn't allow"):
            begin(staff=actor, customer=cast.bob, reason=WHY, minutes=10)


def test_nobody_looks_as_a_colleague(support, cast):
    assert support.get(begin_page(cast.dana)).status_code == 404
    helper = make_staff("Hanna", Kind.SUPPORT)
    with pytest.raises(DomainError, match="Only customers"):
        begin(staff=helper, customer=cast.dana, reason=WHY, minutes=10)


def test_the_customer_and_the_owner_are_told_at_once(looking, cast, mailoutbox):
    """R-I1: in the app and by mail, with who, why and until when."""
    for each in (cast.bob, cast.alice):
        notice = Notice.objects.get(user=each, code="support.look")
        assert notice.title.startswith("Staff-support from support is looking at")
        assert WHY in notice.text and "can change nothing" in notice.text
    deliver()
    told = {address for mail in mailoutbox if WHY in mail.body for address in mail.to}
    assert told == {"alice@example.org", "bob@example.org"}


def test_the_customer_sees_all_looks(looking, bob, alice, charlie):
    for client in (bob, alice):
        assert WHY in client.get("/settings/support/").content.decode().replace(
            "&#x27;", "'"
        )
    assert WHY not in charlie.get("/settings/support/").content.decode()


def test_it_ends_by_hand(looking, cast):
    answer = looking.post("/support/look/end/")
    assert answer["Location"] == f"/admin/accounts/user/{cast.bob.pk}/change/"
    assert looking.get(calendar(cast)).status_code == 404
    assert last().verb == "acting.ended" and last().words == "Ended by hand"


def test_it_ends_by_itself_on_the_server(looking, cast, time_machine):
    """R-I1: the session lives on, the look doesn't."""
    begun = Acting.objects.get(customer=cast.bob, reason=WHY)
    time_machine.move_to(begun.until + timedelta(seconds=1))
    answer = looking.get(calendar(cast))
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert looking.get(calendar(cast)).status_code == 404
    begun.refresh_from_db()
    assert begun.ended_at == begun.until
    assert AuditEntry.objects.filter(verb="acting.ended").count() == 1


def test_scripts_of_a_page_are_told_that_it_is_over(looking, cast, time_machine):
    time_machine.move_to(clock.now() + timedelta(minutes=11))
    answer = looking.get(
        f"{calendar(cast)}posts/", headers={"accept": "application/json"}
    )
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "acting"


@pytest.mark.parametrize("lost", ["group", "staff", "active", "customer"])
def test_it_ends_with_the_right_to_it(looking, cast, lost):
    acting = Acting.objects.get(reason=WHY, customer=cast.bob)
    if lost == "group":
        acting.staff.groups.clear()
    elif lost == "customer":
        acting.customer.is_active = False
        acting.customer.save()
    else:
        setattr(acting.staff, f"is_{lost}", False)
        acting.staff.save()
    assert looking.get(calendar(cast)).status_code == 302
    assert looking.get(calendar(cast)).status_code in (302, 404)


def test_it_ends_with_the_session(looking, cast):
    looking.post("/user/logout/")
    acting = Acting.objects.get(reason=WHY, customer=cast.bob)
    assert not acting.goes_on
    assert looking.get(calendar(cast)).status_code == 302
    assert "acting.ended" in verbs()


def test_a_second_look_ends_the_first(looking, cast):
    looking.post(begin_page(cast.charlie), {"reason": WHY, "minutes": 10})
    assert Acting.objects.going_on().get().customer == cast.charlie
    assert looking.get(calendar(cast)).status_code == 404


def test_it_ends_once(looking, cast):
    acting = Acting.objects.going_on().get()
    assert end(acting, "x") and not end(acting, "x")


def test_nobody_elses_look_can_be_taken(looking, cast):
    """The id in a session of another staff person opens nothing."""
    other = sign_in(make_staff("Hanna", Kind.SUPPORT))
    session = other.session
    session[SESSION_KEY] = str(Acting.objects.going_on().get().pk)
    session.save()
    assert other.get(calendar(cast)).status_code == 302
    assert Acting.objects.going_on().exists()


def test_each_page_is_written_down(looking, cast):
    """R-I2: who, what, whose, why, from where."""
    looking.get(f"{calendar(cast)}?view=week")
    entry = last()
    assert (entry.verb, entry.words) == ("acting.looked", f"GET {calendar(cast)}")
    assert (entry.account_id, entry.reason) == (cast.group.account_id, WHY)
    assert (entry.actor, entry.address) == ("staff-support@example.org", "127.0.0.1")
    assert verbs().count("acting.begun") == 1


def test_what_is_tried_and_refused_is_written_down(looking, cast):
    looking.get("/user/password/change/")
    assert (last().verb, last().words) == (
        "acting.refused",
        "GET /user/password/change/",
    )


def every_address() -> list[tuple[str, URLPattern]]:
    """Of all that Django answers, outside of the admin."""
    found = []
    for route, pattern in patterns(get_resolver()):
        if not route.startswith("admin/"):
            found.append((route, pattern))
    return found


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_changed_anywhere(looking, ids, method, cast):
    """R-I1: no publishing, no passwords, no deleting: every address, each method."""
    own = ("support/look/end/", "user/logout/")
    through = []
    for route, _ in every_address():
        if route in own or route.startswith(("health/", "m/")):
            continue
        answer = getattr(looking, method)(path_of(route, ids))
        if answer.status_code != 403:
            through.append((route, answer.status_code))
    assert [each for each in through if each[1] != 404] == []
    assert Membership.objects.filter(user=cast.bob).exists()


def test_only_pages_of_the_list_are_open(looking, ids, cast):
    """A new page is closed until somebody names it in support/allowed.py."""
    opened = set()
    for route, _ in every_address():
        path = path_of(route, ids)
        answer = looking.get(path)
        name = view_of(answer)
        if answer.status_code != 403 and name not in NOBODYS | {""}:
            opened.add(name)
    assert opened - {"account_logout", "support:end"} <= PAGES
    assert len(PAGES & opened) > 10


def test_the_list_names_pages_that_are_there():
    """One that was renamed would silently close, one that is gone may come back."""
    known = set()
    for route, _ in every_address():
        path = path_of(route, {"platform": "bluesky"})
        try:
            known.add(resolve(path).view_name)
        except Resolver404:
            continue
    assert known >= PAGES | NOBODYS


def test_what_is_open_writes_nothing_but_the_trail(looking, ids):
    """Reading a page leaves no trace in the customer's data."""
    for route, _ in every_address():
        with CaptureQueriesContext(connection) as asked:
            answer = looking.get(path_of(route, ids))
        if view_of(answer) not in PAGES:
            continue
        writes = [q["sql"] for q in asked if writes_data(q["sql"])]
        assert writes == [], route


def view_of(answer) -> str:
    """ "" where no address matched."""
    match = answer.wsgi_request.resolver_match
    return match.view_name if match else ""


def writes_data(sql: str) -> bool:
    if "accounts_auditentry" in sql or "django_session" in sql:
        return False
    return sql.startswith(("INSERT", "UPDATE", "DELETE"))


def test_the_admin_keeps_seeing_who_is_really_there(looking, cast):
    page = looking.get("/admin/").content.decode()
    assert "staff-support@example.org" in page and BANNER not in page


def test_customers_pages_have_no_banner(bob, cast):
    assert BANNER not in bob.get(calendar(cast)).content.decode()


def test_ending_without_a_look_does_nothing(bob):
    assert bob.post("/support/look/end/")["Location"] == "/"
