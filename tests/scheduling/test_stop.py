"""R-F10: the stop switch: who, why, until when; what it held goes on by a plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions.groups import create_group
from core import clock
from core.errors import DomainError, DomainErrors
from notifications.models import Notice
from scheduling import stops
from scheduling.actions.create import create_post
from scheduling.actions.stop import Order, Reach, lift_due, lift_stop, set_stop
from scheduling.models import Stop, Target
from scheduling.tasks import lift_due as beat
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.scheduling.conftest import (
    BERLIN,
    NOW,
    NOW_PLEASE,
    at,
    content,
    only,
)

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def stop(cast, words):
    """Alice stops the profile, the group or the whole account."""

    def make(scope="group", *, actor=None, **order):
        reach = Reach(
            cast.group, words if scope == "profile" else None, scope == "account"
        )
        told = Order(**{"reason": "A storm is coming", **order})
        return set_stop(actor=actor or cast.alice, reach=reach, order=told)

    return make


@pytest.fixture
def held(make_post):
    """Held by a stop, as the check does at the time."""

    def make(**columns):
        target = {"reason_code": stops.STOPPED, "reason": "Stopped."}
        post = make_post("held", target=target, **columns)
        return only(post)

    return make


def fresh(target):
    return Target.objects.get(pk=target.pk)


def lift(cast, stop, plan="now", spacing=15, actor=None):
    return lift_stop(
        actor=actor or cast.alice, stop=stop, plan=plan, spacing_min=spacing
    )


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    error = caught.value
    found = error.errors if isinstance(error, DomainErrors) else [error]
    return [(each.code, each.field) for each in found]


# Setting


def test_keeps_who_why_and_until_when(stop, cast):
    """R-F10."""
    made = stop(until="2026-03-02T09:30", plan="tomorrow", spacing_min=20)
    made.refresh_from_db()
    assert (made.set_by, made.reason) == (cast.alice, "A storm is coming")
    assert made.until.isoformat() == "2026-03-02T08:30:00+00:00"
    assert (made.plan, made.spacing_min) == ("tomorrow", 20)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ({"reason": " \n "}, ("reason", "reason")),
        ({"reason": "x" * 301}, ("reason", "reason")),
        ({"until": "soon"}, ("time_malformed", "until")),
        ({"until": "2026-03-01T12:00"}, ("time_past", "until")),
        ({"until": "2031-03-01T12:00"}, ("time_too_far", "until")),
        ({"plan": "free"}, ("plan", "plan")),
        ({"spacing_min": 0}, ("spacing_min", "spacing_min")),
        ({"spacing_min": 1441}, ("spacing_min", "spacing_min")),
    ],
)
def test_senseless_orders_are_told_beside_their_field(stop, order, found):
    assert refused(lambda: stop(**order)) == [found]
    assert not Stop.objects.exists()


def test_all_that_is_wrong_is_told_at_once(stop):
    found = refused(lambda: stop(reason="", until="x", plan="y", spacing_min=-1))
    assert [field for _, field in found] == ["plan", "spacing_min", "reason", "until"]


def test_same_reach_is_stopped_once(stop, cast):
    """The second person is told by whom."""
    stop()
    with pytest.raises(DomainError, match="already by Alice") as caught:
        stop(actor=cast.bob)
    assert caught.value.code == "already_stopped"


def test_smaller_reach_may_be_stopped_as_well(stop):
    assert stop("group").pk != stop("profile").pk != stop("account").pk


def test_one_that_has_ended_is_no_obstacle(stop):
    """Between its end and the beat's next round."""
    with time_machine.travel(NOW - timedelta(days=1), tick=False):
        old = stop(until="2026-03-01T08:00")
    stop()
    old.refresh_from_db()
    assert old.lifted_at == NOW


@pytest.mark.parametrize("scope", ["profile", "group"])
def test_whoever_may_schedule_may_stop_and_lift(stop, cast, scope):
    """R-A6: a member stops the profile and the group."""
    made = stop(scope, actor=cast.bob)
    lift(cast, made, actor=cast.bob)
    made.refresh_from_db()
    assert (made.lifted_by, made.lifted_at) == (cast.bob, NOW)


def test_whole_account_is_the_owners(stop, cast):
    """R-A6: neither set nor lifted by anybody else."""
    assert refused(lambda: stop("account", actor=cast.bob)) == [("not_owner", "reach")]
    made = stop("account")
    assert refused(lambda: lift(cast, made, actor=cast.bob)) == [("not_owner", "reach")]


def test_viewer_may_not(stop, viewer):
    assert refused(lambda: stop(actor=viewer)) == [("may_not_schedule", "")]


def test_stranger_may_not_even_lift(stop, cast):
    """R-B1: also in the action, whatever door led there."""
    made = stop()
    found = refused(lambda: lift(cast, made, actor=cast.charlie))
    assert found == [("may_not_schedule", "")]


def test_its_people_are_told_once_each(stop, cast):
    """R-F10: all but the one who did it; with who, why and until when."""
    stop(until="2026-03-02T09:30")
    [notice] = Notice.objects.all()
    assert (notice.user, notice.code) == (cast.bob, "stop.set")
    assert "Alice stopped publishing for Alice Studio" in notice.text
    assert "until Mon 2 Mar, 09:30: “A storm is coming”" in notice.text


def test_claims_are_taken_back(stop, make_post, cast):
    """R-F10: what a worker holds and hasn't begun to send is held at once."""
    post = make_post(
        "claimed",
        target={"journal": {"upload": {"id": "u1"}}, "due_at": clock.now()},
    )
    before = only(post)
    stop()
    target = only(post)
    assert (target.state, target.reason_code) == ("held", "stopped")
    assert target.fence == before.fence + 1
    assert target.journal == {"upload": {"id": "u1"}}
    assert "Alice stopped publishing for Alice Studio" in target.reason
    assert post.events.get().text == "Held: publishing was stopped."


def test_who_only_looks_ahead_keeps_the_claim(stop, make_post):
    """Its time hasn't come: held now, it would go out on the wrong day."""
    post = make_post("claimed")
    assert only(post).due_at > NOW
    stop()
    assert only(post).state == "claimed"


@pytest.mark.parametrize("state", ["draft", "scheduled", "sending", "published"])
def test_nothing_else_is_touched(stop, make_post, state):
    """What is ahead keeps its time; what is being sent can't be called back."""
    post = make_post(state)
    stop()
    assert only(post).state == state


# Reach


@pytest.fixture
def elsewhere(cast):
    """A post of another profile in another group of the same account."""
    group = create_group(account=cast.group.account, actor=cast.alice, name="Second")
    profile = ProfileFactory(
        group=group, social_set=group.social_sets.create(name="S"), platform="words"
    )
    post = PostFactory(group=group, author=cast.alice)
    return TargetFactory(post=post, profile=profile, kind="post")


def stopped(*targets):
    rows = Target.objects.annotate(stop_id=stops.stop_id())
    return [rows.get(pk=target.pk).stop_id is not None for target in targets]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ("profile", [True, False, False]),
        ("group", [True, True, False]),
        ("account", [True, True, True]),
    ],
)
def test_reaches_what_it_says_and_no_more(
    stop, make_post, gallery, elsewhere, scope, found
):
    """R-F10."""
    mine, beside = only(make_post()), only(make_post(profile=gallery))
    stop(scope)
    assert stopped(mine, beside, elsewhere) == found


def test_another_account_is_never_reached(stop, cast):
    profile = ProfileFactory(
        group=cast.charlies_group,
        social_set=cast.charlies_group.social_sets.create(name="C"),
    )
    target = TargetFactory(post=PostFactory(group=cast.charlies_group), profile=profile)
    stop("account")
    assert stopped(target) == [False]


def test_ends_at_its_end_whenever_the_beat_comes(stop, make_post):
    target = only(make_post())
    stop(until="2026-03-01T12:10")
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert stopped(target) == [False]


# Lifting


def test_held_posts_go_out_spaced_apart(stop, held, cast):
    """R-F10: as soon as possible, N minutes apart: oldest first."""
    made = stop()
    later, sooner = held(), held(scheduled_at=NOW - timedelta(hours=1))
    lift(cast, made, "now", spacing=20)
    assert (fresh(sooner).state, fresh(sooner).due_at) == ("scheduled", NOW)
    assert fresh(later).due_at == NOW + timedelta(minutes=20)


def test_held_posts_go_out_at_their_hour_tomorrow(stop, held, cast):
    made = stop()
    target = held(wall_at="2026-02-28T18:45")
    lift(cast, made, "tomorrow")
    assert fresh(target).due_at.isoformat() == "2026-03-02T17:45:00+00:00"


def test_held_posts_stay_on_hold_and_say_why(stop, held, cast):
    made, target = stop(), held()
    lift(cast, made, "hold")
    target = fresh(target)
    assert (target.state, target.reason_code) == ("held", stops.STAYED)
    assert "The stop is lifted" in target.reason
    again = stop()
    lift(cast, again, "now")
    assert fresh(target).state == "held", "the next stop is none of its business"


def test_held_posts_are_dropped(stop, held, cast):
    made, target = stop(), held()
    lift(cast, made, "drop")
    assert (fresh(target).state, fresh(target).dropped) == ("cancelled", True)


def test_what_was_held_for_other_reasons_stays(stop, make_post, cast):
    made = stop()
    target = only(make_post("held", target={"reason_code": "refresh_needed"}))
    lift(cast, made)
    assert fresh(target).state == "held"


def test_what_another_stop_keeps_back_stays_until_that_is_lifted(stop, held, cast):
    """R-F10: a group's stop outlives its profile's."""
    inner, outer, target = stop("profile"), stop("group"), held()
    lift(cast, inner)
    assert fresh(target).state == "held"
    lift(cast, outer)
    assert fresh(target).state == "scheduled"


def test_authors_answer_for_their_posts_as_before(stop, held, cast):
    """R-F2: lifting is no new publication by the lifter."""
    made, target = stop(), held()
    lift(cast, made, actor=cast.bob)
    assert fresh(target).post.author == cast.alice
    told = fresh(target).post.events.get()
    assert (told.actor, told.text) == (cast.bob, "Asked to try Words again.")


def test_second_lifting_is_told(stop, cast):
    made = stop()
    lift(cast, made)
    assert refused(lambda: lift(cast, made)) == [("lifted", "")]


def test_people_are_told_what_becomes_of_the_posts(stop, held, cast):
    made = stop()
    held(), held()
    lift(cast, made, spacing=10)
    notice = Notice.objects.get(code="stop.lifted")
    assert notice.user == cast.bob
    assert "Alice lifted the stop for Alice Studio. 2 posts were held." in notice.text
    assert "10 minutes apart" in notice.text


def test_lifts_itself_at_its_end_by_its_plan(stop, held, cast):
    """R-F10: nobody has to be there; both are told, and no name is made up."""
    made, target = stop(until="2026-03-01T12:10", plan="now"), held()
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert lift_due() == 1
        assert lift_due() == 0
    made.refresh_from_db()
    assert (made.lifted_by, fresh(target).state) == (None, "scheduled")
    told = Notice.objects.filter(code="stop.lifted").values_list("user", flat=True)
    assert set(told) == {cast.alice.pk, cast.bob.pk}


def test_beat_leaves_the_others_alone(stop, held):
    stop("group", until="2026-03-01T12:10")
    stop("profile")
    target = held()
    beat()
    assert Stop.objects.open().count() == 2
    assert fresh(target).state == "held"


def test_straggler_of_a_worker_is_let_go(stop, held, cast):
    """A worker saw the stop, and wrote "held" just after it was lifted."""
    made = stop()
    lift(cast, made, "tomorrow")
    target = held(wall_at="2026-02-28T18:45")
    beat()
    assert (
        fresh(target).due_at
        == clock.to_instant(
            NOW.replace(tzinfo=None, day=2, hour=18, minute=45), BERLIN
        )[0]
    )


def test_deleted_posts_stay_deleted(stop, held, cast):
    made, target = stop(), held(deleted_at=NOW)
    lift(cast, made)
    assert fresh(target).state == "held"


@pytest.mark.parametrize("held_count", [2, 12])
def test_statements_grow_by_one_a_post(stop, held, cast, held_count):
    """Each target's own move; everything else is asked and written at once."""
    made = stop()
    for _ in range(held_count):
        held()
    with CaptureQueriesContext(connection) as queries:
        lift(cast, made)
    assert len(queries) <= 22 + held_count


def test_now_is_refused_while_stopped_and_a_time_is_not(stop, cast, words):
    """R-F10: scheduling goes on; "publish now" would only be held."""
    stop("profile")
    what = {"actor": cast.alice, "group": cast.group, "content": content(words)}
    found = refused(lambda: create_post(**what, when=NOW_PLEASE))
    assert found == [("stopped", "profiles")]
    assert only(create_post(**what, when=at("2026-03-02T10:00"))).state == "scheduled"


def test_now_on_another_profile_goes_out(stop, cast, gallery, photo):
    stop("profile")
    asked = content(gallery, media=[photo])
    what = {"actor": cast.alice, "group": cast.group, "content": asked}
    assert only(create_post(**what, when=NOW_PLEASE)).due_at == NOW
