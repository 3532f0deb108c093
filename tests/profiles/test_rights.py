"""Granted against needed, and when to refresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from core import clock
from platforms.errors import RateLimited, Unavailable
from platforms.types import Token
from profiles.actions.timing import LONGEST_PAUSE, back_off, next_refresh
from profiles.models import Connection
from profiles.rights import WITHOUT, described, lacking, missing_of, without
from tests.profiles.fakes import in_days


def test_missing_ones_are_named_in_the_declared_order(orbit):
    """R-C4."""
    assert missing_of(orbit, "sign-in", ["write"]) == ["read", "figures"]


def test_more_than_needed_is_not_missing(orbit):
    given = ["read", "write", "figures", "something-else"]
    assert missing_of(orbit, "sign-in", given) == []


def test_every_feature_says_what_stands_still(orbit):
    features = {p.feature for p in orbit.permissions("sign-in")}
    assert features <= set(WITHOUT)
    assert [without(p) for p in described(orbit, "sign-in", ["figures"])] == [
        "No figures are collected."
    ]


def test_a_permission_nobody_declared_keeps_its_name(orbit):
    """A platform may name one in a refusal that we never asked for."""
    (found,) = described(orbit, "sign-in", ["surprise"])
    assert found.name == "surprise"
    assert without(found) == "Posts can't be published."


@pytest.mark.parametrize(
    ("granted", "missing", "lacks"),
    [
        (["read", "write", "figures"], [], False),
        (["read", "write"], ["figures"], True),
        (["read", "write"], [], True),
        ([], [], False),
    ],
)
def test_what_one_feature_lacks(orbit, granted, missing, lacks):
    """R-C4: left out, or not asked for yet when the sign-in was made."""
    made = Connection(method="sign-in", granted=granted, missing=missing)
    assert [p.name for p in lacking(orbit, made, "analytics")] == ["figures"] * lacks
    assert lacking(orbit, made, "comments") == ()


def test_a_token_without_an_end_is_never_refreshed_ahead(orbit):
    assert next_refresh(orbit, Token("x"), uuid4()) is None


def test_a_platform_that_renews_nothing_plans_nothing(kite):
    assert next_refresh(kite, Token("x", expires_at=in_days(60)), uuid4()) is None


def test_a_token_that_this_app_cant_renew_is_never_due(orbit, monkeypatch):
    """R-D4: where some can be renewed and some can't, the adapter tells which."""
    monkeypatch.setattr(
        orbit, "renews", lambda token: bool(token.refresh), raising=True
    )
    plain = Token("x", expires_at=in_days(60))
    assert next_refresh(orbit, plain, uuid4()) is None
    assert next_refresh(orbit, replace(plain, refresh="r"), uuid4()) is not None


def test_the_time_lies_ahead_of_the_end_and_differs(orbit):
    token = Token("x", expires_at=in_days(60))
    times = {next_refresh(orbit, token, uuid4()) for _ in range(20)}
    assert len(times) > 10
    assert all(timedelta(days=10) <= in_days(60) - (at or in_days(0)) for at in times)


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (5, 16)])
def test_the_pause_doubles(failures, minutes):
    pause = back_off(failures, Unavailable("Away.")) - clock.now()
    low = timedelta(minutes=minutes)
    assert low - timedelta(seconds=1) <= pause <= low * 1.1


def test_the_pause_has_an_end():
    pause = back_off(1_000, Unavailable("Away.")) - clock.now()
    assert pause <= LONGEST_PAUSE * 1.1


def test_a_rate_limit_that_is_over_does_not_shorten_the_pause():
    error = RateLimited("Too many.", clock.now() - timedelta(hours=1))
    assert back_off(1, error) > clock.now() + timedelta(seconds=55)


def test_a_scope_list_that_shrank_is_told(way, orbit):
    orbit.token = replace(orbit.token, scopes=("read",))
    orbit.granted = ("read",)
    assert way.connected().missing == ["write", "figures"]


def test_a_way_that_is_no_more_lacks_nothing_it_could_declare(orbit):
    """A sign-in of an older version must not take its pages down."""
    old = Connection(method="carrier pigeon", granted=["read"], missing=["write"])
    assert missing_of(orbit, old.method, old.granted) == []
    assert lacking(orbit, old, "publish") == ()
    assert [p.name for p in described(orbit, old.method, old.missing)] == ["write"]
