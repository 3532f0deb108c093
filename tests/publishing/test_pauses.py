"""Limits and outages: who waits, for how long, and who goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from platforms import usage
from platforms.errors import OutcomeUnknown, RateLimited, Unavailable
from platforms.types import Published
from profiles.models import SocialSet
from publishing.actions.pauses import FIRST_S, LONGEST_S, STRIKES
from publishing.models import Pause
from scheduling.models import Target
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.publishing.conftest import due_again, work_off
from tests.support.connected import due_post, profiles_on

pytestmark = pytest.mark.django_db

AWAY = Unavailable("Fakebook can't be reached right now.")


@pytest.fixture
def another(cast, script):
    """A due post on a further profile of the platform."""

    def make(**profile_columns) -> Target:
        own = SocialSet.objects.create(group=cast.group, name="Own")
        profile = ProfileFactory(
            group=cast.group, social_set=own, platform="fake", **profile_columns
        )
        return on(profile)

    def on(profile) -> Target:
        at = clock.now() - timedelta(seconds=1)
        post = PostFactory(group=cast.group, author=cast.alice, scheduled_at=at)
        return TargetFactory(post=post, profile=profile)

    make.on = on
    return make


def again(target: Target) -> Target:
    due_again(target)
    work_off()
    target.refresh_from_db()
    return target


def the_pause_ends() -> None:
    past = clock.now() - timedelta(seconds=1)
    length = timedelta(seconds=LONGEST_S)
    Pause.objects.filter(until__isnull=False).update(until=past)
    Pause.objects.filter(struck_at__isnull=False).update(struck_at=past - length)


def break_down(script, another) -> list[Target]:
    """As many posts in a row fail as it takes."""
    rows = [another() for _ in range(STRIKES)]
    script.prepare = [AWAY] * STRIKES
    work_off()
    return rows


def test_a_limit_of_the_profile_holds_only_that_profile(
    target, profile, script, another
):
    """R-F5: the next post of the profile waits without a call; others go out."""
    until = clock.now() + timedelta(minutes=20)
    script.prepare = [RateLimited("Slowly.", until)]
    work_off()
    same, other = another.on(profile), another()
    work_off()
    same.refresh_from_db()
    other.refresh_from_db()
    assert other.state == "published"
    assert (same.state, same.reason, same.tries) == ("scheduled", "Slowly.", 0)
    assert same.next_at >= until
    assert script.calls == ["prepare", "prepare", "send"]


def test_a_limit_of_the_app_holds_every_profile(target, script, another):
    until = clock.now() + timedelta(minutes=5)
    script.prepare = [RateLimited("Slowly.", until, scope="app")]
    work_off()
    other = another()
    work_off()
    other.refresh_from_db()
    assert (other.state, script.calls) == ("scheduled", ["prepare"])


def test_a_limit_that_is_over_holds_nobody(target, script):
    script.prepare = [RateLimited("Slowly.", clock.now() + timedelta(minutes=5))]
    work_off()
    the_pause_ends()
    assert again(target).state == "published"


def test_peace_that_the_platform_wants_after_an_unknown_outcome_is_kept(
    target, profile, script, another
):
    """R-F5: nothing else of this profile goes out for two hours."""
    until = clock.now() + timedelta(hours=1)
    script.send = [OutcomeUnknown("Who knows.", until)]
    work_off()
    same = another.on(profile)
    work_off()
    same.refresh_from_db()
    assert (same.state, same.next_at >= until) == ("scheduled", True)
    assert script.accepted == []


def test_troubles_in_a_row_open_the_circuit(script, another):
    """Nobody calls a platform that is down: not even with what is newly due."""
    break_down(script, another)
    fresh = another()
    work_off()
    fresh.refresh_from_db()
    assert (fresh.state, fresh.reason_code, fresh.tries) == ("scheduled", "paused", 0)
    assert len(script.calls) == STRIKES
    pause = Pause.objects.get()
    assert (pause.scope, pause.length_s, pause.strikes) == ("app", FIRST_S, STRIKES)


def test_fewer_troubles_leave_it_closed(script, another):
    rows = [another() for _ in range(STRIKES - 1)]
    script.prepare = [AWAY] * len(rows)
    work_off()
    fresh = another()
    work_off()
    fresh.refresh_from_db()
    assert fresh.state == "published"
    assert Pause.objects.get().strikes == 0, "an answer ends the row"


def test_troubles_far_apart_are_no_row(script, another):
    for _ in range(STRIKES + 1):
        another()
        script.prepare = [AWAY]
        work_off()
        old = clock.now() - timedelta(minutes=10)
        Pause.objects.update(struck_at=old)
        Target.objects.update(next_at=clock.now() + timedelta(hours=1))
    assert Pause.objects.get().until is None


def test_after_the_pause_one_post_tries_and_the_others_wait(script, another):
    break_down(script, another)
    the_pause_ends()
    script.calls.clear()
    script.prepare = [AWAY]
    Target.objects.update(next_at=clock.now())
    work_off()
    assert script.calls == ["prepare"], "one try for all of them"


def test_a_try_that_fails_doubles_the_pause(script, another):
    break_down(script, another)
    lengths = []
    for _ in range(6):
        the_pause_ends()
        script.prepare = [AWAY]
        Target.objects.update(next_at=clock.now())
        work_off()
        lengths.append(Pause.objects.get().length_s)
    assert lengths == [30, 60, 120, 240, 300, 300]


def test_a_try_that_succeeds_closes_the_circuit_for_all(script, another):
    rows = break_down(script, another)
    the_pause_ends()
    again(rows[0])
    pause = Pause.objects.get()
    assert (pause.strikes, pause.until, pause.length_s) == (0, None, 0)
    for row in rows:
        assert again(row).state == "published"


def test_those_on_their_way_when_it_opened_do_not_lengthen_it(script, another):
    """Sixty calls in flight time out together: that is one outage."""
    [another() for _ in range(STRIKES + 3)]
    script.prepare = [AWAY] * (STRIKES + 3)
    work_off()
    assert Pause.objects.get().length_s == FIRST_S


def test_one_server_that_is_down_says_nothing_of_the_others(
    script, another, monkeypatch
):
    """Of a platform with many servers each has a circuit of its own."""
    monkeypatch.setattr(
        "tests.publishing.fake.Fake.server",
        lambda self, job: f"https://{job.profile.handle}",
    )
    down = [another(handle="down.example") for _ in range(STRIKES)]
    script.prepare = [AWAY] * STRIKES
    work_off()
    fine, held = another(handle="fine.example"), another(handle="down.example")
    work_off()
    fine.refresh_from_db()
    held.refresh_from_db()
    assert (fine.state, held.state) == ("published", "scheduled")
    assert Pause.objects.get().scope == "at:down.example"
    assert down


def test_a_pause_that_lasts_too_long_ends_as_the_posts_rule_says(target, script):
    """R-F8: nothing waits for ever behind a limit."""
    script.prepare = [RateLimited("Slowly.", clock.now() + timedelta(hours=20))]
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason) == ("failed", "Slowly.")


def test_questions_after_sending_wait_as_well(target, script):
    """What was sent is asked for when the platform may be called again."""
    script.send = [OutcomeUnknown("Who knows.")]
    work_off()
    until = clock.now() + timedelta(minutes=3)
    Pause.objects.update(until=until, strikes=STRIKES)
    Target.objects.update(next_at=clock.now())
    work_off()
    target.refresh_from_db()
    assert (target.state, target.next_at >= until) == ("unconfirmed", True)
    assert script.calls == ["prepare", "send"]


def test_an_answer_that_says_nearly_used_up_spares_the_rest(
    target, profile, script, another
):
    """R-F5: usage headers are obeyed; what is under way still goes out."""
    until = clock.now() + timedelta(minutes=9)

    def told(job):
        usage.tell(usage.NearlyUsed(until, "profile", "Little is left."))
        return Published("r1", "https://fake.test/r1")

    script.send = [told]
    work_off()
    target.refresh_from_db()
    same, other = another.on(profile), another()
    work_off()
    same.refresh_from_db()
    other.refresh_from_db()
    assert (target.state, other.state) == ("published", "published")
    assert (same.state, same.reason) == ("scheduled", "Little is left.")
    assert same.next_at >= until


@pytest.mark.django_db(transaction=True)
def test_instagrams_usage_headers_reach_the_engine(
    cast, sandbox, live_server, settings
):
    """R-F5: from the answer's header to the pause, over real HTTP."""
    settings.BASE_URL = live_server.url
    [profile] = profiles_on("instagram", cast, sandbox, 1)
    sandbox.set(**{"instagram.usage_percent": 96})
    due_post(cast, profile, "Nearly too much")
    work_off()
    assert set(Pause.objects.values_list("scope", flat=True)) >= {"app"}
