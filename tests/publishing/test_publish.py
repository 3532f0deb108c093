from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Membership
from core import clock
from notifications.models import Notice
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from platforms.types import Absent, Pending, Published, Waiting
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.actions.claim import tick
from publishing.models import Attempt
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, lapse, work_off

pytestmark = pytest.mark.django_db


def test_a_due_target_is_published_with_its_link(target, script):
    """R-F1, R-F4: checked at its time, then sent, then told with its permalink."""
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED
    assert target.permalink == "https://fake.test/r1"
    assert target.published_at is not None
    assert script.calls == ["prepare", "send"]


def test_each_step_leaves_an_attempt(target, script):
    """R-F6."""
    work_off()
    steps = list(target.attempts.values_list("step", "outcome"))
    assert steps == [
        ("check", "ok"),
        ("prepare", "ok"),
        ("send", "intent"),
        ("send", "ok"),
    ]


def test_nothing_is_sent_before_its_time(target, script):
    target.next_at = clock.now() + timedelta(seconds=30)
    target.save(update_fields=["next_at"])
    work_off()
    assert script.calls == []


def test_the_profile_remembers_when_it_last_published(target, script):
    work_off()
    target.profile.refresh_from_db()
    assert target.profile.last_published_at is not None


@pytest.mark.parametrize(
    "state",
    [
        ConnectionState.REFRESH_NEEDED,
        ConnectionState.DISCONNECTED,
        ConnectionState.ENABLE_NEEDED,
    ],
)
def test_a_profile_that_is_not_connected_holds_the_post(target, script, state):
    """R-F1, R-D6: held with words, the platform is not even called."""
    Connection.objects.update(state=state)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.HELD
    assert target.profile.label in target.reason
    assert script.calls == []


def test_a_missing_publish_permission_holds_the_post(target, script):
    """R-F1, R-C4."""
    Connection.objects.update(
        state=ConnectionState.PERMISSIONS_MISSING, missing=["write"]
    )
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.HELD
    assert "permission" in target.reason


def test_a_missing_analytics_permission_does_not(target, script):
    """R-C4: permissions degrade one by one."""
    Connection.objects.update(
        state=ConnectionState.PERMISSIONS_MISSING, missing=["insights"]
    )
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED


def test_an_author_who_left_the_group_no_longer_publishes(target, script, cast):
    """R-F2: only what a person of the group scheduled goes out."""
    Membership.objects.filter(user=cast.alice).delete()
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.HELD
    assert script.calls == []


def test_too_late_is_missed_not_sent(target, script, settings):
    """R-F8's default: nothing old goes out unasked."""
    target.due_at = clock.now() - timedelta(minutes=settings.PUBLISH_LATE_MIN + 1)
    target.save(update_fields=["due_at"])
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.MISSED
    assert script.calls == []


def test_a_kind_that_is_no_more_is_not_guessed_at(target, script):
    """R-F1: told before anything is asked of the platform, and to be chosen anew."""
    target.kind = "poll"
    target.save(update_fields=["kind"])
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason_code) == (TargetState.FAILED, "kind_unknown")
    assert "no such kind of post" in target.reason
    assert script.calls == []


def test_waiting_gives_the_worker_back(target, script):
    """Waiting is the clock's work; the journal keeps what was reached."""

    def created(job, journal):
        journal.put("container", {"id": "c1"})
        return Waiting(5, "Instagram is processing the photo.")

    script.prepare.append(created)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    assert target.journal == {"container": {"id": "c1"}}
    assert target.tries == 0
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED


def test_unavailable_is_tried_again_later(target, script):
    """R-F4: platform trouble means later, with when."""
    script.send.append(Unavailable("Fakebook can't be reached right now."))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    assert target.next_at > clock.now()
    assert target.tries == 1
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED
    assert len(script.accepted) == 1


def test_rate_limited_waits_until_the_platform_says(target, script):
    """R-F5."""
    until = clock.now() + timedelta(minutes=7)
    script.send.append(RateLimited("Too many posts.", until))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    assert target.next_at == until


def test_trouble_ends_with_the_lateness_rule(target, script, settings):
    until = clock.now() + timedelta(minutes=settings.PUBLISH_LATE_MIN + 5)
    script.send.append(RateLimited("Come back tomorrow.", until))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.FAILED
    assert target.reason == "Come back tomorrow."


def test_rejected_fails_at_once_with_its_field(target, script, cast):
    """R-F4: the platform's reason in plain words, and the author is told."""
    script.send.append(Rejected("Fakebook refused the text.", "text", details="E7"))
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason_field) == (TargetState.FAILED, "text")
    assert target.details == "E7"
    notice = Notice.objects.get(user=cast.alice)
    assert "failed" in notice.title
    assert "Fakebook refused the text." in notice.text


def test_unsupported_fails(target, script):
    script.prepare.append(Unsupported("Fakebook has no polls."))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.FAILED


def test_a_permission_taken_away_holds_the_post_and_marks_the_connection(
    target, script
):
    """R-D8: withdrawn on the platform's side is noticed at the next call."""
    script.send.append(PermissionMissing("You may not.", ("write",)))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.HELD
    connection = Connection.objects.get()
    assert connection.state == ConnectionState.PERMISSIONS_MISSING
    assert connection.missing == ["write"]


def test_a_dead_token_holds_the_post_and_marks_the_connection(target, script):
    """R-D1, R-D8: a connection revoked a second before the time."""
    script.send.append(AuthExpired("The sign-in was revoked."))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.HELD
    assert Connection.objects.get().state == ConnectionState.REFRESH_NEEDED


def test_an_unknown_outcome_is_never_sent_again_blindly(target, script):
    """R-F3."""
    script.send.append(OutcomeUnknown("Fakebook didn't confirm."))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.UNCONFIRMED
    due_again(target)
    script.find.append(Published("r9", "https://fake.test/r9"))
    work_off()
    target.refresh_from_db()
    assert (target.state, target.remote_id) == (TargetState.PUBLISHED, "r9")
    assert script.calls.count("send") == 1


def test_certain_absence_leads_to_another_try(target, script):
    script.send.append(OutcomeUnknown("Fakebook didn't confirm."))
    work_off()
    due_again(target)
    script.find.append(Absent(certain=True))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED
    assert script.calls.count("send") == 2


def test_doubt_leads_to_a_person(target, script, cast):
    """R-F4: Needs check, with a notice."""
    script.send.append(OutcomeUnknown("Fakebook didn't confirm."))
    work_off()
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.UNCONFIRMED
    assert target.next_at is None
    assert Notice.objects.filter(user=cast.alice, code="target.unconfirmed").exists()


def test_the_story_calls_only_an_answer_a_refusal(target, script):
    """R-F6: doubt and passing trouble have words of their own."""
    script.prepare.append(Unavailable("Fakebook is down."))
    work_off()
    due_again(target)
    script.send.append(OutcomeUnknown("Fakebook didn't confirm."))
    work_off()
    due_again(target)
    work_off()
    told = list(target.attempts.values_list("step", "outcome"))
    assert ("prepare", "retry") in told
    assert told[-2:] == [("send", "unknown"), ("find", "unknown")]


def test_an_unknown_outcome_while_preparing_is_only_trouble(target, script):
    script.prepare.append(OutcomeUnknown("Fakebook didn't confirm."))
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED


def test_pending_is_asked_for_by_the_clock(target, script):
    script.send.append(Pending("job-1", seconds=3))
    work_off()
    target.refresh_from_db()
    assert (target.state, target.handle) == (TargetState.PROCESSING, "job-1")
    script.check.append(Pending("job-1", seconds=3))
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PROCESSING
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED


def test_processing_that_is_refused_fails(target, script):
    script.send.append(Pending("job-1"))
    work_off()
    script.check.append(Rejected("The video can't be read.", "media"))
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason_field) == (TargetState.FAILED, "media")


def test_a_link_that_comes_late_never_unpublishes(target, script):
    script.send.append(Published("r1"))
    script.permalink.append(Unavailable("Fakebook didn't answer."))
    work_off()
    target.refresh_from_db()
    assert (target.state, target.permalink) == (TargetState.PUBLISHED, "")
    due_again(target)
    work_off()
    target.refresh_from_db()
    assert target.permalink == "https://fake.test/late"
    assert target.next_at is None


def test_a_lapsed_claim_goes_back_and_is_published_once(target, script):
    """R-F3: a worker that died before sending loses nothing."""
    tick()
    lapse(target)
    work_off()
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED
    assert script.calls.count("send") == 1
    assert Attempt.objects.filter(step="reap").exists()
