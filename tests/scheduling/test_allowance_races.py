"""R-B2: of two tabs that take a month's last place one is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts import plans
from accounts.actions.plans import set_plan
from core import clock
from scheduling import times
from scheduling.actions.create import create_post
from scheduling.models import Target
from tests.scheduling.conftest import at, content
from tests.scheduling.test_standstill_races import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_three_presses_the_last_place_takes_one(cast, words, monkeypatch):
    monkeypatch.setitem(plans.PLANS, "one", replace(plans.PLANS["free"], posts=1))
    set_plan(cast.group.account, "one")
    wall = times.to_wall(clock.now() + timedelta(days=40), "Europe/Berlin")

    def press():
        create_post(
            actor=cast.alice,
            group=cast.group,
            content=content(words),
            when=at(wall),
        )

    assert together(press, press, press) == ["done", "plan_posts", "plan_posts"]
    assert Target.objects.filter(profile=words).count() == 1
