"""R-F10 on the pages and in the API: seen where one plans, lifted with a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from scheduling import stops
from scheduling.actions.stop import Order, Reach, set_stop
from scheduling.models import Stop
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")
JSON = "application/json"


def url(name, cast, *ids):
    return reverse(f"scheduling:{name}", args=[cast.group.pk, *ids])


def html(response):
    return response.content.decode()


@pytest.fixture
def stop(cast, words):
    def make(scope="group", **order):
        profile = words if scope == "profile" else None
        reach = Reach(cast.group, profile, scope == "account")
        told = Order(**{"reason": "A storm is coming", **order})
        return set_stop(actor=cast.alice, reach=reach, order=told)

    return make


def fields(**more):
    sent = {"reach": "group", "reason": "A storm", "until": "", "plan": "hold"}
    return {**sent, "spacing_min": "15", **more}


def test_a_form_stops_the_group(alice, cast):
    """R-F10."""
    response = alice.post(url("stops", cast), fields(plan="tomorrow"), follow=True)
    assert "Publishing is stopped for Alice Studio." in html(response)
    made = Stop.objects.get()
    assert (made.group, made.profile, made.plan) == (cast.group, None, "tomorrow")


def test_or_one_profile(alice, cast, words):
    alice.post(url("stops", cast), fields(reach=str(words.pk)))
    assert Stop.objects.get().profile == words


def test_or_the_whole_account_by_its_owner(alice, cast):
    alice.post(url("stops", cast), fields(reach="account"))
    assert Stop.objects.get().group is None


def test_whole_account_is_not_offered_to_others(client, cast):
    """R-A6: what a role may not do is not offered, and refused when sent."""
    client.force_login(cast.bob)
    assert 'value="account"' not in html(client.get(url("stops", cast)))
    response = client.post(url("stops", cast), fields(reach="account"))
    assert response.status_code == 422
    assert not Stop.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"reason": ""}, "Say why"),
        ({"until": "2026-02-01T10:00"}, "Choose a time that lies ahead."),
        ({"spacing_min": "x"}, "Write whole minutes."),
        ({"spacing_min": "99999"}, "from 1 to 1440"),
        ({"plan": "never"}, "not one of the available choices"),
    ],
)
def test_refusals_stand_beside_their_fields(alice, cast, wrong, words):
    response = alice.post(url("stops", cast), fields(**wrong))
    assert response.status_code == 422
    assert words in html(response)
    assert 'class="field__error"' in html(response)


def test_page_tells_who_why_and_until_when(alice, cast, stop, make_post):
    stop(until="2026-03-02T09:30", plan="now")
    make_post("held", target={"reason_code": stops.STOPPED})
    shown = html(alice.get(url("stops", cast)))
    assert "Publishing is stopped for Alice Studio" in shown
    assert "“A storm is coming”" in shown
    assert "Alice, Sun 1 Mar, 12:00, until Mon 2 Mar, 09:30." in shown
    assert "1 post is held so far." in shown


def test_history_is_kept(alice, cast, stop):
    made = stop()
    made.lifted_at, made.lifted_by = NOW + timedelta(hours=1), cast.bob
    made.save()
    assert "lifted by Bob, Sun 1 Mar, 13:00" in html(alice.get(url("stops", cast)))


def test_lifting_asks_for_the_plan(alice, cast, stop, make_post):
    """R-F10."""
    made = stop()
    post = make_post("held", target={"reason_code": stops.STOPPED})
    lift = url("lift_stop", cast, made.pk)
    assert "1 post</strong>" in html(alice.get(lift))
    sent = {"plan": "now", "spacing_min": "5"}
    response = alice.post(lift, sent, follow=True)
    assert "Lifted. 1 post was held. It goes out Sun 1 Mar, 12:00." in html(response)
    assert only(post).state == "scheduled"


def test_lifting_twice_is_told(alice, cast, stop):
    made, sent = stop(), {"plan": "hold", "spacing_min": "5"}
    lift = url("lift_stop", cast, made.pk)
    alice.post(lift, sent)
    response = alice.post(lift, sent)
    assert response.status_code == 422
    assert "This stop is over" in html(response)


def test_viewer_sees_it_and_may_not_touch_it(client, cast, viewer, stop):
    """R-A6."""
    made = stop()
    client.force_login(viewer)
    shown = html(client.get(url("stops", cast)))
    assert "Publishing is stopped for" in shown
    assert "lift/" not in shown
    assert '<form class="card stops__form"' not in shown
    found = client.post(url("stops", cast), fields(), HTTP_ACCEPT=JSON)
    assert found.json()["errors"][0]["code"] == "may_not_schedule"
    lift = client.post(url("lift_stop", cast, made.pk), {}, HTTP_ACCEPT=JSON)
    assert lift.json()["errors"][0]["code"] == "may_not_schedule"


def test_stop_of_another_group_is_not_there(alice, cast):
    """R-B1."""
    made = Stop.objects.create(
        account=cast.charlies_group.account, group=cast.charlies_group, reason="Mine"
    )
    assert alice.get(url("lift_stop", cast, made.pk)).status_code == 404
    api = url("api_lift_stop", cast, made.pk)
    assert alice.post(api, {"plan": "now"}, content_type=JSON).status_code == 404


@pytest.mark.parametrize("page", ["calendar", "compose"])
def test_who_plans_sees_it(alice, cast, stop, page):
    """R-F10: scheduling stays possible, and nobody is surprised."""
    assert "Publishing is stopped" not in html(alice.get(url(page, cast)))
    made = stop("profile")
    shown = html(alice.get(url(page, cast)))
    assert "Publishing is stopped for @alice" in shown
    assert url("lift_stop", cast, made.pk) in shown


def test_agenda_shows_it_too(alice, cast, stop):
    stop()
    shown = html(alice.get(url("calendar", cast), {"view": "agenda"}))
    assert "Publishing is stopped for Alice Studio" in shown


def test_owner_alone_is_offered_to_lift_the_accounts(client, cast, stop):
    stop("account")
    client.force_login(cast.bob)
    shown = html(client.get(url("calendar", cast)))
    assert "Publishing is stopped for all groups of Alice Studio" in shown
    assert "/lift/" not in shown


def test_held_post_leads_to_the_stop(alice, cast, stop, make_post):
    """R-F11: the one next step."""
    stop()
    post = make_post("held", target={"reason_code": stops.STOPPED, "reason": "Storm"})
    shown = html(alice.get(url("post", cast, post.pk)))
    assert f'href="{url("stops", cast)}"' in shown
    assert "Publish now" not in shown


def test_banner_costs_one_statement_without_a_stop(alice, cast, stop):
    with CaptureQueriesContext(connection) as before:
        alice.get(url("calendar", cast))
    asked = [q for q in before if "scheduling_stop" in q["sql"]]
    assert len(asked) == 1


def test_many_stops_cost_no_more(alice, cast, stop):
    def count():
        with CaptureQueriesContext(connection) as queries:
            alice.get(url("stops", cast))
        return len(queries)

    stop("group")
    one = count()
    stop("profile"), stop("account")
    assert count() == one


# The API


def order(**more):
    return {"reach": "group", "reason": "A storm", **more}


def test_api_sets_lists_and_lifts(alice, cast, make_post):
    """R-F10: the same by a program."""
    made = alice.post(url("api_stops", cast), order(plan="now"), content_type=JSON)
    assert made.status_code == 201
    assert (made.json()["set_by"], made.json()["reach"]) == ("Alice", "group")
    make_post("held", target={"reason_code": stops.STOPPED})
    [listed] = alice.get(url("api_stops", cast)).json()["stops"]
    assert (listed["held"], listed["lifted_at"]) == (1, None)
    lift = url("api_lift_stop", cast, listed["id"])
    lifted = alice.post(lift, {"plan": "now"}, content_type=JSON).json()
    assert (lifted["resumed"], lifted["lifted_by"]) == (1, "Alice")


def test_api_stops_a_profile_of_the_group_only(alice, cast, words):
    api = url("api_stops", cast)
    sent = order(reach="profile", profile_id=str(words.pk))
    assert alice.post(api, sent, content_type=JSON).json()["profile_id"] == str(
        words.pk
    )
    words.group = cast.charlies_group
    words.save()
    assert alice.post(api, sent, content_type=JSON).status_code == 404
    nobody = order(reach="profile")
    assert alice.post(api, nobody, content_type=JSON).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"until": "soon"}, "until"),
        ({"plan": "free"}, "plan"),
        ({"spacing_min": 0}, "spacing_min"),
        ({"reach": "world"}, "reach"),
    ],
)
def test_api_refuses_alike(alice, cast, wrong, field):
    api = url("api_stops", cast)
    found = alice.post(api, order(**wrong), content_type=JSON)
    assert (found.status_code, found.json()["errors"][0]["field"]) == (400, field)


def test_api_of_the_whole_account_is_the_owners(client, cast):
    client.force_login(cast.bob)
    api = url("api_stops", cast)
    found = client.post(api, order(reach="account"), content_type=JSON)
    assert found.json()["errors"][0]["code"] == "not_owner"


def test_restricted_member_may_not(client, cast):
    """R-A6: whose posts need approval doesn't decide about everybody's."""
    cast.group.memberships.filter(user=cast.bob).update(role=Role.RESTRICTED)
    client.force_login(cast.bob)
    found = client.post(url("api_stops", cast), order(), content_type=JSON)
    assert found.json()["errors"][0]["code"] == "may_not_schedule"
