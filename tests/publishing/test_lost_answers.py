"""Real adapters, the sandbox over HTTP, and an answer that never comes (R-F3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from core import http
from notifications.models import Notice
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.actions.claim import tick
from publishing.actions.work import publish
from scheduling.models import Target
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, work_off
from tests.support.connected import due_post, profiles_on

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _at_the_sandbox(sandbox, live_server, settings):
    settings.BASE_URL = live_server.url
    http.configure(gateway=sandbox.url)


def target_on(platform: str, cast, sandbox) -> Target:
    [profile] = profiles_on(platform, cast, sandbox, 1)
    return due_post(cast, profile, "Said once")


def work_until_final(target: Target, rounds: int = 12) -> Target:
    """Let the clock of this row run on, round by round."""
    for _ in range(rounds):
        work_off()
        target.refresh_from_db()
        if target.next_at is None:
            break
        due_again(target)
    return target


def writing_step(sandbox, platform: str) -> str:
    """The name the sandbox has for the call that makes a post public."""
    return {"instagram": "publish", "bluesky": "putRecord"}[platform]


@pytest.mark.parametrize("platform", ["instagram", "bluesky"])
@pytest.mark.parametrize("kind", ["cut_after", "malformed", "empty"])
def test_an_answer_lost_after_acceptance_ends_published_once(
    cast, sandbox, platform, kind
):
    """R-F3: one post in the ledger, found and not sent again."""
    target = target_on(platform, cast, sandbox)
    step = writing_step(sandbox, platform)
    sandbox.fault(kind, platform=platform, step=step, times=1, accepted=True)
    work_until_final(target)
    assert target.state == TargetState.PUBLISHED
    assert target.permalink
    assert len(sandbox.ledger(platform)) == 1
    assert "find" in set(target.attempts.values_list("step", flat=True))


@pytest.mark.parametrize("platform", ["instagram", "bluesky"])
def test_a_connection_cut_before_acceptance_ends_published_once(
    cast, sandbox, platform
):
    """R-F3: surely absent leads to another try, which is the only one that counts."""
    target = target_on(platform, cast, sandbox)
    step = writing_step(sandbox, platform)
    sandbox.fault("cut_before", platform=platform, step=step, times=1)
    while target.state != TargetState.UNCONFIRMED:
        work_off()
        due_again(target)
        target.refresh_from_db()
    # A platform lists late; this much later its word is final.
    Target.objects.update(intent_at=timezone.now() - timedelta(minutes=5))
    work_until_final(target)
    assert target.state == TargetState.PUBLISHED
    assert len(sandbox.ledger(platform)) == 1


def test_where_nobody_can_be_asked_a_person_decides(cast, sandbox):
    """R-F3, R-F4: Telegram shows bots no history, so nothing is sent twice."""
    target = target_on("telegram", cast, sandbox)
    sandbox.fault("cut_after", platform="telegram", step="sendMessage", times=1)
    work_until_final(target)
    assert (target.state, target.next_at) == (TargetState.UNCONFIRMED, None)
    assert len(sandbox.ledger("telegram")) == 1
    assert Notice.objects.filter(user=cast.alice).count() == 1


@pytest.mark.parametrize("platform", ["instagram", "bluesky"])
def test_revoked_a_second_before_the_time(cast, sandbox, platform):
    """R-F1, R-D8: held, nothing published, the connection says why."""
    target = target_on(platform, cast, sandbox)
    sandbox.revoke(platform, target.profile.external_id)
    work_until_final(target)
    assert target.state == TargetState.HELD
    assert sandbox.ledger(platform) == []
    assert Connection.objects.get().state == ConnectionState.REFRESH_NEEDED


def test_kicked_from_the_channel_a_second_before_the_time(cast, sandbox):
    """R-D8: the bot's right is looked at before anything is sent."""
    target = target_on("telegram", cast, sandbox)
    sandbox.remove_permissions(
        "telegram", target.profile.external_id, "can_post_messages"
    )
    work_until_final(target)
    assert target.state == TargetState.HELD
    assert sandbox.ledger("telegram") == []


@pytest.mark.parametrize("platform", ["instagram", "bluesky", "telegram"])
def test_a_limit_of_the_platform_moves_the_time(cast, sandbox, platform):
    """R-F5: Retry-After is obeyed; nothing is lost, nothing is failed."""
    target = target_on(platform, cast, sandbox)
    sandbox.fault(
        "rate_limited",
        platform=platform,
        step="*",
        times=1,
        retry_after=40,
        generic=True,
    )
    [claim] = tick().to_publish
    publish(*claim)
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    wait = (target.next_at - timezone.now()).total_seconds()
    assert wait > 30
    work_until_final(target)
    assert len(sandbox.ledger(platform)) == 1


def test_a_media_address_that_does_not_answer_fails_as_it_would_in_life(
    cast, sandbox, settings
):
    """The platform fetches by address; a wrong one is told, not swallowed."""
    settings.BASE_URL = "http://127.0.0.1:9"
    target = target_on("instagram", cast, sandbox)
    work_until_final(target, rounds=30)
    assert target.state == TargetState.FAILED
    assert target.reason
    assert sandbox.ledger("instagram") == []
