"""What an adapter is before it fills anything in."""

from __future__ import annotations

from datetime import date

import pytest

from platforms import clock
from platforms.adapter import Adapter, Credentials, Facts
from platforms.errors import Unsupported
from platforms.limits import Limits, TextLimit
from platforms.types import (
    Absent,
    Draft,
    Job,
    Method,
    PostKind,
    Prepared,
    Profile,
    Token,
    Visit,
)
from tests.platforms.fakes import DictJournal, FakeHttp
from tests.platforms.samples import photo, video


class Bare(Adapter):
    key = "bare"
    name = "Bare"
    icon = "bare"
    facts = Facts("All.", "Any.", "For ever.")
    methods = (Method("form", "Form", "form"),)
    kinds = (
        PostKind("text", "Text", needs_text=True),
        PostKind("photo", "Photo", 1, 1, ("image",)),
        PostKind("mix", "Mix", 2, 4, ("image", "video")),
    )
    limits = Limits(TextLimit(10), date(2026, 11, 21), "https://docs.example/")


ADAPTER = Bare(Credentials(), FakeHttp())
PROFILE, TOKEN = Profile("1"), Token("canary-token", refresh="canary-refresh")
JOB = Job(Draft("text", "Hello"), PROFILE, TOKEN, "key-1")
VISIT = Visit("form", "https://later.example/back", "state", "https://later.example")


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.permissions("form"),
        lambda a: a.begin(VISIT),
        lambda a: a.finish(VISIT, {}, {}),
        lambda a: a.updates(""),
        lambda a: a.refresh(TOKEN, PROFILE),
        lambda a: a.revoke(TOKEN, PROFILE),
        lambda a: a.prepare(JOB, DictJournal()),
        lambda a: a.send(JOB, Prepared({})),
        lambda a: a.check(JOB, "handle"),
    ],
)
def test_hooks_are_unsupported_until_filled_in(call):
    with pytest.raises(Unsupported, match="Bare"):
        call(ADAPTER)


def test_nothing_is_found_for_certain_without_looking():
    """R-F3: so that a person decides."""
    assert ADAPTER.find(JOB, Prepared({}), clock.now()) == Absent(certain=False)
    assert ADAPTER.permalink(JOB, "1") == ""


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ((), "text"),
        ((photo(),), "photo"),
        ((photo(), video()), "mix"),
        ((video(),), "text"),
        (tuple(photo(n) for n in range(9)), "text"),
    ],
)
def test_the_first_kind_that_fits_is_taken(media, kind):
    assert ADAPTER.default_kind(Draft("", "x", media)) == kind


def test_problems_come_from_the_declared_limits():
    (problem,) = ADAPTER.problems(Draft("text", "x" * 11), PROFILE)
    assert problem.message.startswith("Bare takes 10")


def test_ways_without_credentials_are_always_offered():
    assert ADAPTER.offered() == Bare.methods
    assert ADAPTER.method("form") == Bare.methods[0]
    assert ADAPTER.kind("mix").label == "Mix"


def test_tokens_hide_in_traces():
    """R-D2"""
    assert "canary" not in repr(TOKEN)
    assert "canary" not in repr(JOB)


def test_an_app_is_its_id_and_secret_as_the_operator_set_them():
    kept = Credentials({"ORBIT_ID": "1", "ORBIT_SECRET": "s"})
    app = kept.app(("ORBIT_ID", "ORBIT_SECRET"), "https://x.example/", separator=",")
    assert (app.client_id, app.client_secret, app.separator) == ("1", "s", ",")
    assert Credentials().app(("ORBIT_ID", "ORBIT_SECRET")).client_id == ""


def test_a_kind_that_is_no_more_is_a_problem_and_no_crash():
    """A stored post may outlive its kind."""
    assert ADAPTER.kind("poll") is None
    (problem,) = ADAPTER.problems(Draft("poll", "Hello"), PROFILE)
    assert (problem.code, problem.field) == ("kind_unknown", "kind")
    assert problem.blocking


def test_a_method_that_is_no_more_is_none():
    assert ADAPTER.method("fax") is None
