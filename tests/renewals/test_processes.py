"""R-D3: one renewal at a time, and what an answer that got lost means."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine

from core import clock
from platforms.errors import OutcomeUnknown
from profiles.actions.refresh_due import refresh_due
from profiles.actions.tokens import LEASE, fresh_token, refresh
from profiles.errors import ConnectionBroken
from profiles.models import Concern, Connection
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

AFTER_THE_LEASE = LEASE + timedelta(seconds=1)


def again(held: Connection) -> Connection:
    return Connection.objects.select_related("profile").get(pk=held.pk)


def asked(sandbox, platform: str = "tiktok") -> int:
    return len(sandbox.calls(platform=platform, step="refresh"))


def test_two_processes_ask_once_and_both_have_the_new_token(tiktok, child, sandbox):
    """R-D3: the platform sees one call, and would have ended the sign-in at two."""
    sandbox.fault("latency", platform="tiktok", step="refresh", delay_ms=700)
    both = [child(tiktok), child(tiktok)]
    for each in both:
        each.go()
    assert [each.said() for each in both] == ["version 2", "version 2"]
    assert asked(sandbox) == 1
    held = again(tiktok)
    assert (held.state, held.renewal_asked_at) == (S.CONNECTED, None)
    assert fresh_token(held).token.refresh != tiktok.token().refresh


def test_a_death_after_the_answer_is_told_as_what_it_was(tiktok, child, sandbox):
    """R-D3: TikTok takes a refresh token once, so the next call is refused."""
    dying = child(tiktok, "die")
    dying.go()
    assert dying.said() == ""
    held = again(tiktok)
    assert (held.state, held.version) == (S.CONNECTED, 1)
    assert held.renewal_asked_at is not None
    with time_machine.travel(clock.now() + AFTER_THE_LEASE):
        assert refresh_due() == 1
        with pytest.raises(ConnectionBroken, match="got lost on its way from TikTok"):
            refresh(tiktok.pk, 1)
    held = again(tiktok)
    assert held.state == S.REFRESH_NEEDED
    assert "good only once there. Sign in again." in held.cause
    assert held.events.get().cause == held.cause
    assert Concern.objects.get().kind == "broken"


def test_a_death_after_the_answer_is_outlived_where_the_old_token_renews(
    bluesky, child, sandbox
):
    """R-D3: Bluesky's app passwords allow it for two hours."""
    dying = child(bluesky, "die")
    dying.go()
    assert dying.said() == ""
    with time_machine.travel(clock.now() + AFTER_THE_LEASE):
        assert refresh_due() == 1
        assert refresh(bluesky.pk, 1).version == 2
    assert again(bluesky).state == S.CONNECTED
    assert Concern.objects.count() == 0


def test_a_lost_answer_is_asked_about_within_minutes(tiktok, sandbox):
    sandbox.fault("cut_after", platform="tiktok", step="refresh", times=1)
    with pytest.raises(OutcomeUnknown):
        refresh(tiktok.pk, 1)
    held = again(tiktok)
    assert held.state == S.CONNECTED
    assert held.refresh_at < clock.now() + timedelta(minutes=2)
    with pytest.raises(ConnectionBroken, match="got lost on its way"):
        refresh(tiktok.pk, 1)


def test_a_call_that_never_arrived_costs_nothing(tiktok, sandbox):
    """It looks like a lost answer; asking again tells that it was none."""
    sandbox.fault("cut_before", platform="tiktok", step="refresh", times=1)
    with pytest.raises(OutcomeUnknown):
        refresh(tiktok.pk, 1)
    assert refresh(tiktok.pk, 1).version == 2
    assert again(tiktok).renewal_asked_at is None


def test_access_that_was_withdrawn_is_not_taken_for_a_lost_answer(tiktok, sandbox):
    """R-D8: the platform's own word, since no answer was missing."""
    sandbox.revoke("tiktok", "6800000000000000001")
    with pytest.raises(ConnectionBroken, match="TikTok has ended this sign-in"):
        refresh(tiktok.pk, 1)


@pytest.mark.parametrize("fault", ["error", "rate_limited", "hang", "malformed"])
def test_no_trouble_of_the_platform_ends_a_connection(tiktok, sandbox, fault):
    """R-D3: 5xx, 429, a time-out, an answer without sense."""
    sandbox.fault(
        fault, platform="tiktok", step="refresh", accepted=False, delay_ms=100
    )
    with pytest.raises(Exception, match="TikTok"):
        refresh(tiktok.pk, 1)
    held = again(tiktok)
    assert (held.state, held.version, held.refresh_failures) == (S.CONNECTED, 1, 1)
    assert refresh(tiktok.pk, 1).version == 2
    assert again(tiktok).refresh_failures == 0


def test_a_platform_that_is_down_for_a_day_is_asked_rarely_and_then_renews(
    tiktok, sandbox
):
    """R-D3: backs off with jitter, breaks nothing, tells nobody."""
    sandbox.fault("error", platform="tiktok", step="refresh", status=503, times=None)
    start, times = clock.now(), []
    for _ in range(20):
        at = again(tiktok).refresh_at
        if at > start + timedelta(days=1):
            break
        times.append(at)
        with time_machine.travel(at, tick=False), pytest.raises(Exception, match="Tik"):
            refresh(tiktok.pk, 1)
    assert 8 <= len(times) <= 14
    pauses = [later - now for now, later in pairwise(times)]
    growing = [pause for pause in pauses if pause < timedelta(hours=5)]
    assert growing == sorted(growing)
    assert max(pauses) <= timedelta(hours=6.6)
    sandbox.clear_faults()
    assert refresh(tiktok.pk, 1).version == 2
    assert (again(tiktok).state, Concern.objects.count()) == (S.CONNECTED, 0)
