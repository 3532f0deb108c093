"""Before the time: prepared once, told early, and nothing that is sent too soon."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from notifications.models import Notice
from platforms.errors import AuthExpired, RateLimited, Rejected, Unavailable
from platforms.types import Prepared, Token, Waiting
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.models import Attempt
from scheduling.models import Stop, Target
from scheduling.standing import at_risk
from tests.factories import PostFactory, TargetFactory
from tests.publishing import fake
from tests.publishing.conftest import due_again, work_off

pytestmark = pytest.mark.django_db

MINUTES = timedelta(minutes=1)


def coming(cast, profile, ahead, **columns) -> Target:
    """Looked at now, to go out later."""
    post = PostFactory(
        group=cast.group, author=cast.alice, scheduled_at=clock.now() + ahead
    )
    return TargetFactory(post=post, profile=profile, next_at=clock.now(), **columns)


@pytest.fixture
def soon(cast, profile):
    return coming(cast, profile, 10 * MINUTES)


@pytest.fixture
def tomorrow(cast, profile):
    return coming(cast, profile, timedelta(hours=20))


def looked(target: Target) -> Target:
    work_off()
    target.refresh_from_db()
    return target


def its_time_comes(target: Target) -> None:
    due = clock.now() - timedelta(seconds=1)
    Target.objects.filter(pk=target.pk).update(due_at=due, next_at=due)


def titles() -> list[str]:
    return list(Notice.objects.values_list("title", flat=True))


def test_prepared_ahead_only_the_sending_is_left(soon, script):
    """R-F7: the platform is asked to prepare once, minutes before."""
    looked(soon)
    assert (soon.state, soon.next_at) == ("scheduled", soon.due_at)
    assert (script.calls, script.accepted) == (["prepare"], [])
    its_time_comes(soon)
    looked(soon)
    assert (soon.state, script.calls) == ("published", ["prepare", "send"])


def test_a_day_before_nothing_is_prepared(tomorrow, script):
    looked(tomorrow)
    assert script.calls == []
    assert timedelta(minutes=5) < tomorrow.due_at - tomorrow.next_at < 80 * MINUTES
    assert Attempt.objects.get(target=tomorrow).outcome == "ok"


def test_what_the_platform_works_on_is_asked_again(soon, script):
    script.prepare = [Waiting(30), Waiting(10_000)]
    looked(soon)
    assert 0 < (soon.next_at - clock.now()).total_seconds() <= 30
    due_again(soon)
    looked(soon)
    assert soon.next_at == soon.due_at, "never later than the time itself"


def test_handles_that_died_meanwhile_are_made_anew(soon, script):
    """The journal of the first preparing is forgotten with them."""
    script.prepare = [
        lambda job, journal: journal.put("upload", {"id": 1}) or Prepared({"n": 1}),
        lambda job, journal: Prepared({"kept": journal.get("upload")}),
    ]
    looked(soon)
    assert soon.prepared == {"n": 1}
    past = clock.now() - timedelta(seconds=1)
    Target.objects.filter(pk=soon.pk).update(prepared_until=past)
    its_time_comes(soon)
    looked(soon)
    assert script.calls == ["prepare", "prepare", "send"]
    assert soon.prepared == {"kept": None}


def test_a_refusal_is_told_while_it_can_be_mended(soon, script):
    """R-F9: at risk, beside the field that causes it, and still scheduled."""
    script.prepare = [Rejected("Fakebook takes no cats.", "media", code="cats")]
    looked(soon)
    assert (soon.state, soon.reason) == ("scheduled", "Fakebook takes no cats.")
    assert (soon.reason_field, soon.tries) == ("media", 0)
    [title] = titles()
    assert title.startswith("At risk: posts to ")


def test_what_was_at_risk_and_is_mended_goes_out_and_says_no_more(soon, script):
    script.prepare = [Rejected("No cats.", "media", code="cats")]
    looked(soon)
    due_again(soon)
    looked(soon)
    assert (soon.state, soon.reason, soon.prepared) == (
        "scheduled",
        "",
        {"text": soon.post.text},
    )


def test_the_same_risk_is_told_once_for_many_posts(cast, profile, script):
    """One digest: a broken connection endangers all that is to come."""
    rows = [coming(cast, profile, timedelta(hours=h)) for h in (2, 3, 4)]
    profile.connection.state = ConnectionState.REFRESH_NEEDED
    profile.connection.save()
    for row in rows:
        looked(row)
        assert (row.state, row.reason_code) == ("scheduled", "refresh_needed")


def test_a_risk_that_stays_is_looked_at_again_and_told_no_more(tomorrow, profile):
    profile.connection.state = ConnectionState.REFRESH_NEEDED
    profile.connection.save()
    looked(tomorrow)
    assert tomorrow.next_at - clock.now() <= 15 * MINUTES
    due_again(tomorrow)
    looked(tomorrow)
    assert Attempt.objects.filter(target=tomorrow).count() == 1


def test_a_sign_in_that_ends_before_the_time_is_a_risk(tomorrow, profile):
    """R-F9: nobody but the person can renew it."""
    profile.connection.ends_at = clock.now() + timedelta(hours=3)
    profile.connection.save()
    assert looked(tomorrow).reason_code == "connection_ends"
    assert "Refresh it before then." in tomorrow.reason


def test_a_text_that_became_too_long_is_a_risk(tomorrow):
    tomorrow.post.text = "x" * 600
    tomorrow.post.save()
    assert looked(tomorrow).reason_code == "text_too_long"


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("Away."),
        RateLimited("Slowly.", clock.now() + timedelta(minutes=30)),
    ],
)
def test_passing_trouble_has_until_the_time_to_pass(soon, script, error):
    """Nobody is alarmed, and no try is counted against the post."""
    script.prepare = [error]
    looked(soon)
    assert (soon.state, soon.reason, soon.tries) == ("scheduled", "", 0)
    assert clock.now() < soon.next_at <= soon.due_at
    assert titles() == []


def test_a_limit_that_lasts_beyond_the_time_is_a_risk(soon, script):
    """R-F5, R-F9: known beforehand that it can't go out in time."""
    script.prepare = [RateLimited("Used up.", clock.now() + timedelta(hours=9))]
    looked(soon)
    assert (soon.state, soon.reason) == ("scheduled", "Used up.")


def test_a_dead_sign_in_is_found_before_the_time(soon, script, profile):
    """R-F9: refreshed once; what can't be refreshed is the person's matter now."""
    script.prepare = [AuthExpired("Signed out.")]
    looked(soon)
    profile.connection.refresh_from_db()
    assert soon.state == "scheduled"
    assert soon.reason == "Signed out."
    assert profile.connection.state == ConnectionState.REFRESH_NEEDED


@pytest.fixture
def renewals(monkeypatch, profile):
    """How often a renewal was asked for; each is given."""
    asked = []
    Connection.objects.update(granted=["write", "insights"])

    def refresh(adapter, token, profile):
        asked.append(token)
        return Token(f"canary-renewed-{len(asked)}")

    monkeypatch.setattr(fake.Fake, "refresh", refresh)
    return asked


def test_a_token_that_is_refused_again_is_not_renewed_for_ever(
    soon, script, profile, renewals
):
    """R-F9: the second refusal says that renewing doesn't help, at the next look."""
    script.prepare = [AuthExpired("Signed out.")] * 9
    for _ in range(4):
        looked(soon)
        due_again(soon)
    profile.connection.refresh_from_db()
    assert (len(renewals), len(script.calls)) == (1, 2)
    assert profile.connection.state == ConnectionState.REFRESH_NEEDED


def test_a_renewal_is_no_risk_and_told_to_nobody(soon, script, renewals):
    script.prepare = [AuthExpired("Signed out.")]
    looked(soon)
    assert (soon.state, at_risk(soon), titles()) == ("scheduled", False, [])


def test_after_a_look_that_went_well_it_may_be_renewed_again(soon, script, renewals):
    script.prepare = [AuthExpired("Signed out."), None, AuthExpired("Again.")]
    for _ in range(3):
        looked(soon)
        due_again(soon)
        Target.objects.update(prepared=None)
    assert len(renewals) == 2


def test_an_edit_drops_what_was_prepared(soon, script):
    looked(soon)
    assert soon.prepared is not None
    assert soon.fresh_claim()["prepared"] is None
    assert soon.fresh_claim()["prepared_until"] is None


def test_a_stopped_profile_is_left_in_peace(soon, script, cast, profile):
    group = cast.group
    Stop.objects.create(
        account=group.account, group=group, profile=profile, reason="Flood"
    )
    looked(soon)
    assert (soon.state, soon.reason, script.calls) == ("scheduled", "", [])


def test_nothing_is_sent_before_its_time_whatever_was_prepared(soon, script):
    for _ in range(3):
        looked(soon)
        due_again(soon)
    assert script.accepted == []
    assert fake.SCRIPT is script
