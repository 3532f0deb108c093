"""Trouble at the one call that people see, in the sandbox (R-F3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from platforms.types import (
    Absent,
    Pending,
    Published,
)
from tests.platforms.fakes import DictJournal
from tests.platforms.instagram.lena import (
    LENA,
    prepare,
    ready,
)


@pytest.mark.parametrize("kind", ["cut_after", "malformed", "empty"])
@pytest.mark.parametrize("post", ["image", "story"])
def test_a_lost_answer_is_found(adapter, gateway, job, kind, post):
    """Sheet case 4"""
    sample = job(post)
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault(kind, platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    found = adapter.find(sample, prepared, since)
    (out,) = gateway.ledger("instagram")
    assert found == Published(out["remote_id"], out["permalink"])


def test_suspected_spam_after_publishing_is_found(adapter, gateway, job):
    """Sheet case 5"""
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault(
        "error",
        platform="instagram",
        step="publish",
        status=400,
        accepted=True,
        detail={"code": 4, "subcode": 2207051},
    )
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.send(sample, prepared)
    assert caught.value.until is not None
    assert isinstance(adapter.find(sample, prepared, since), Published)
    assert len(gateway.ledger("instagram")) == 1


def test_a_call_that_died_before_is_sent_again_once_that_is_sure(adapter, gateway, job):
    """Sheet case 6"""
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_before", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    early = adapter.find(sample, prepared, since)
    assert isinstance(early, Absent)
    assert not early.certain
    late = adapter.find(sample, prepared, since - timedelta(seconds=95))
    assert late == Absent(certain=True)
    adapter.send(sample, prepared)
    assert len(gateway.ledger("instagram")) == 1


def test_a_late_listing_is_waited_for(adapter, gateway, job):
    gateway.set(**{"instagram.listing_delay_ms": 60_000})
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    pending = adapter.find(sample, prepared, since)
    assert isinstance(pending, Pending)
    gateway.set(**{"instagram.listing_delay_ms": 0})
    assert isinstance(adapter.check(sample, pending.handle), Published)


def test_another_tools_post_is_not_taken_for_ours(adapter, gateway, job):
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    gateway.post_directly("instagram", LENA, kind="image", text="Made in the app")
    found = adapter.find(sample, prepared, since)
    ours = next(p for p in gateway.ledger("instagram") if p["text"] == "Hello")
    assert isinstance(found, Published)
    assert found.id == ours["remote_id"]


def test_a_prepare_after_a_lost_answer_publishes_nothing_more(adapter, gateway, job):
    sample, journal = job(), DictJournal()
    prepared = prepare(adapter, sample, journal)
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    again = prepare(adapter, sample, journal)
    answer = adapter.send(sample, again)
    (out,) = gateway.ledger("instagram")
    assert answer.id == out["remote_id"]


def test_failed_processing_makes_one_new_container(adapter, gateway, job):
    """Sheet case 7"""
    gateway.fault(
        "error", platform="instagram", step="processing", detail={"subcode": 2207082}
    )
    sample = job("reel")
    adapter.send(sample, ready(adapter, sample))
    assert len(gateway.calls("instagram", "create_container")) == 2


@pytest.mark.parametrize("step", ["publishing_limit", "create_container"])
@pytest.mark.parametrize(
    "kind", ["rate_limited", "error", "cut_before", "cut_after", "malformed", "empty"]
)
def test_trouble_before_publishing_is_passed_by_trying_again(
    adapter, gateway, job, step, kind
):
    sample, journal = job(), DictJournal()
    gateway.fault(kind, platform="instagram", step=step)
    with pytest.raises(PlatformError) as caught:
        prepare(adapter, sample, journal)
    assert isinstance(caught.value, Unavailable | RateLimited)
    adapter.send(sample, prepare(adapter, sample, journal))
    assert len(gateway.ledger("instagram")) == 1
