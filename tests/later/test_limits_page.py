"""docs/limits.md says what the code does."""

from __future__ import annotations

import pytest

from accounts.plans import GB, PLANS, Plan
from accounts.views import join, users
from later import api_bounds
from leaving.views import exports
from media.views import library
from profiles.views import connect, platform_calls
from scripts.console import ROOT
from support.views import help as help_pages
from tests.architecture.trees import GENERIC

PAGE = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
RATES = [
    (api_bounds, api_bounds.CALLS),
    (library, library.UPLOADS),
    (connect, connect.STARTS),
    (platform_calls, platform_calls.CALLS),
    (platform_calls, platform_calls.LOOKS),
    (join, join.VISITS),
    (users, users.INVITATIONS),
    (help_pages, help_pages.OFTEN),
    (exports, exports.OFTEN),
]


def number(value: int | None, unit: str = "") -> str:
    return "no bound" if value is None else f"{value:,}{unit}"


def row(plan: Plan) -> str:
    storage = None if plan.storage is None else plan.storage // GB
    cells = (
        plan.name,
        number(plan.groups),
        number(plan.sets),
        number(plan.people),
        number(plan.posts),
        number(storage, " GB"),
        "Auto Publish" if plan.includes else "reminders",
    )
    return f"| {' | '.join(cells)} |"


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda plan: plan.key)
def test_each_plan_is_told_as_it_is(plan):
    """R-B2, R-B7."""
    assert row(plan) in PAGE


@pytest.mark.parametrize(
    ("module", "limit"), RATES, ids=lambda value: getattr(value, "name", "")
)
def test_each_rate_is_told_as_it_is(module, limit):
    where = f"`{module.__name__.replace('.', '/')}.py`"
    assert f"| {limit.times} | {limit.seconds} | {where} |" in PAGE


def test_no_rate_is_left_out():
    """Every `Limit(` of the product stands in the table."""
    found = [
        path
        for app in GENERIC
        for path in (ROOT / app).rglob("*.py")
        if "from core.limits import" in (text := path.read_text(encoding="utf-8"))
        and "= Limit(" in text
    ]
    assert {path.relative_to(ROOT).as_posix() for path in found} == {
        f"{module.__name__.replace('.', '/')}.py" for module, _ in RATES
    }
