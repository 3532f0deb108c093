"""R-F8: what becomes of a post whose time passed while publishing wasn't possible."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from core.errors import DomainErrors
from platforms.types import PostKind
from scheduling import lateness
from scheduling.actions.create import create_post
from scheduling.actions.duplicate import duplicate_post
from scheduling.actions.edit import edit_post
from scheduling.content import Late, Mode, When
from scheduling.lateness import MOST_MIN, Rule
from scheduling.models import LateRule
from tests.scheduling.conftest import BERLIN, NOW, content, only
from tests.scheduling.doors import Api, Pages, body, form
from tests.scheduling.platforms import Gallery

pytestmark = pytest.mark.usefixtures("march")
SOON = "2026-03-02T10:00"


def on(post):
    target = only(post)
    target.post = post
    return target


def after(target, **late):
    return lateness.too_late(target, target.due_at + timedelta(**late))


def test_usual_rule_asks_after_the_operators_minutes(make_post, settings):
    """R-F8: without a rule of its own nothing old goes out unasked."""
    settings.PUBLISH_LATE_MIN = 90
    assert lateness.rule_of(on(make_post())) == Rule(LateRule.ASK, 90)


@pytest.mark.parametrize(("usual", "found"), [(120, 30), (10, 10)])
def test_kind_that_lives_shortly_asks_sooner(
    make_post, gallery, settings, monkeypatch, usual, found
):
    """R-F8: the kind declares it; an operator who is stricter still wins."""
    settings.PUBLISH_LATE_MIN = usual
    monkeypatch.setattr(Gallery, "kinds", (PostKind("story", "Story", late_min=30),))
    story = on(make_post(profile=gallery, target={"kind": "story"}))
    assert lateness.rule_of(story) == Rule(LateRule.ASK, found)


def test_kind_that_is_gone_is_like_any_post(make_post, settings):
    assert lateness.rule_of(on(make_post(target={"kind": "gone"}))).minutes == (
        settings.PUBLISH_LATE_MIN
    )


@pytest.mark.parametrize(
    ("rule", "minutes", "found"),
    [
        ("ask", 45, Rule(LateRule.ASK, 45)),
        ("drop", 45, Rule(LateRule.DROP, 45)),
        ("drop", None, Rule(LateRule.DROP, 120)),
        ("send", None, Rule(LateRule.SEND, MOST_MIN)),
    ],
)
def test_own_rule_wins(make_post, rule, minutes, found):
    post = make_post(late_rule=rule, late_min=minutes)
    assert lateness.rule_of(on(post)) == found


def test_last_instant_is_still_in_time(make_post):
    """R-F8: exactly N minutes late goes out; a blink later it doesn't."""
    target = on(make_post(late_rule="ask", late_min=10))
    assert after(target, minutes=10) is None
    assert after(target, minutes=10, microseconds=1) == Rule(LateRule.ASK, 10)


def test_rest_of_a_thread_is_never_late(make_post):
    """R-F8: half of it is out: the other half must follow."""
    target = on(make_post(target={"parts_out": [{"id": "1", "url": ""}]}))
    assert after(target, days=30) is None


def asked(rule="", minutes=None, mode=Mode.SCHEDULE):
    return When(mode, SOON, BERLIN, Late(rule, minutes))


def test_rule_is_kept_with_the_post(cast, words):
    post = create_post(
        actor=cast.alice,
        group=cast.group,
        content=content(words),
        when=asked("drop", 15),
    )
    post.refresh_from_db()
    assert (post.late_rule, post.late_min) == ("drop", 15)


@pytest.mark.parametrize("minutes", [15, 0, MOST_MIN + 1])
@pytest.mark.parametrize("rule", ["", "send"])
def test_minutes_that_mean_nothing_are_neither_kept_nor_judged(
    cast, words, rule, minutes
):
    """The composer hides them then: nobody could mend what isn't seen."""
    what = {"content": content(words), "when": asked(rule, minutes)}
    post = create_post(actor=cast.alice, group=cast.group, **what)
    assert (post.late_rule, post.late_min) == (rule, None)


def test_edit_without_a_word_on_it_keeps_the_rule(make_post, cast, words):
    post = make_post(late_rule="send")
    when = When(Mode.SCHEDULE, SOON, BERLIN)
    what = {"content": content(words), "when": when, "version": post.version}
    edited = edit_post(actor=cast.alice, post=post, **what)
    assert edited.late_rule == "send"


def test_form_sent_again_with_another_rule_counts(cast, words):
    """R-F3: one post, and what was chosen last."""
    key = only(make := create(cast, words, asked("ask", 5))).pk
    again = create(cast, words, asked("drop", 5), key=make.pk)
    assert (again.pk, again.late_rule, only(again).pk) == (make.pk, "drop", key)


def create(cast, words, when, key=None):
    what = {"content": content(words), "when": when, "key": key}
    return create_post(actor=cast.alice, group=cast.group, **what)


def test_copy_has_the_same_rule(make_post, cast):
    post = make_post("missed", late_rule="drop", late_min=7)
    copy = duplicate_post(actor=cast.alice, post=post)
    assert (copy.late_rule, copy.late_min) == ("drop", 7)


@pytest.mark.parametrize(
    ("late", "field"),
    [
        (Late("never"), "late_rule"),
        (Late("ask", 0), "late_min"),
        (Late("drop", MOST_MIN + 1), "late_min"),
        (Late("ask", -3), "late_min"),
    ],
)
def test_senseless_rule_is_told_beside_its_field(cast, words, late, field):
    when = When(Mode.SCHEDULE, SOON, BERLIN, late)
    with pytest.raises(DomainErrors) as caught:
        create(cast, words, when)
    assert [error.field for error in caught.value.errors] == [field]


@pytest.mark.parametrize("minutes", ["soon", "0", "-5", "1e3"])
def test_form_tells_of_minutes_that_are_none(alice, cast, words, minutes):
    fields = form(words.pk, wall=SOON) | {"late_rule": "ask", "late_min": minutes}
    pages = Pages(alice)
    answer = pages.post(pages.url("compose", cast.group), fields)
    assert answer.errors == [("late_min", "late_min")]


def test_page_without_scripts_keeps_what_was_typed(alice, cast, words):
    fields = form(words.pk, wall=SOON) | {"late_rule": "drop", "late_min": "99999"}
    response = alice.post(reverse("scheduling:compose", args=[cast.group.pk]), fields)
    html = response.content.decode()
    assert response.status_code == 422
    assert 'name="late_min" min="1" max="10080"' in html
    assert 'value="99999"' in html
    assert "from 1 to 10080" in html
    assert "data-late open" in html


def test_api_takes_and_tells_the_rule(alice, cast, words):
    """R-F8: the same by a program; what it doesn't name stays."""
    api = Api(alice)
    sent = body(words.pk, wall=SOON) | {"late_rule": "drop", "late_min": 20}
    made = alice.post(
        api.url("compose", cast.group), sent, content_type="application/json"
    ).json()
    assert (made["late_rule"], made["late_min"]) == ("drop", 20)
    assert made["targets"][0]["late"] == {"rule": "drop", "minutes": 20}
    url = reverse("scheduling:api_post", args=[cast.group.pk, made["id"]])
    patch = {"version": made["version"], "text": "Mended"}
    mended = alice.patch(url, patch, content_type="application/json").json()
    assert (mended["text"], mended["late_rule"]) == ("Mended", "drop")


def test_api_refuses_alike(alice, cast, words):
    api = Api(alice)
    sent = body(words.pk, wall=SOON) | {"late_rule": "never"}
    answer = api.post(api.url("compose", cast.group), sent)
    assert answer.errors == [("late_rule", "late_rule")]


def test_post_page_says_what_happens_when_late(alice, make_post):
    post = make_post(late_rule="ask", late_min=1440)
    html = alice.get(
        reverse("scheduling:post", args=[post.group_id, post.pk])
    ).content.decode()
    assert "You are asked when it is more than 1 day late." in html


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "90 minutes"),
        (120, "2 hours"),
        (1440, "1 day"),
        (MOST_MIN, "7 days"),
    ],
)
def test_spans_are_told_in_the_largest_unit_that_fits(minutes, words):
    assert lateness.span(minutes) == words


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(seconds=5), "1 minute"),
        (timedelta(minutes=119), "119 minutes"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(days=2, hours=5), "2 days"),
    ],
)
def test_lapse_is_rounded_down(late, words):
    assert lateness.lapse(late) == words


def dropped(make_post):
    return make_post(
        "cancelled",
        target={"reason_code": "dropped", "reason": "Too late.", "next_at": None},
        scheduled_at=NOW,
    )


def test_dropped_post_stays_in_sight(alice, make_post):
    """R-F8: never silent: the calendar and its page still show it, with the reason."""
    post = dropped(make_post)
    html = alice.get(
        reverse("scheduling:post", args=[post.group_id, post.pk])
    ).content.decode()
    assert all(word in html for word in ("Dropped", "Too late.", "Edit"))
    url = reverse("scheduling:calendar_posts", args=[post.group_id])
    shown = alice.get(url, {"start": "2026-03-01", "end": "2026-03-02"}).json()
    assert (shown["posts"][0]["state"], shown["posts"][0]["on"]) == ("cancelled", [0])


def test_dropped_post_can_be_scheduled_anew(alice, make_post, words):
    post = dropped(make_post)
    assert Pages(alice).edit(post, words.pk, wall=SOON).status == 200
    assert (only(post).state, only(post).reason) == ("scheduled", "")


def choices(alice, post):
    """Which profiles the composer has ticked."""
    url = reverse("scheduling:edit", args=[post.group_id, post.pk])
    boxes = re.findall(
        r'name="profiles" value="([0-9a-f-]+)"( checked)?',
        alice.get(url).content.decode(),
    )
    return {pk for pk, checked in boxes if checked}


def test_dropped_profile_is_ticked_again_if_nothing_else_is_left(
    alice, make_post, words, gallery
):
    """R-F2: beside others that go out it comes back by hand only."""
    post = dropped(make_post)
    assert choices(alice, post) == {str(words.pk)}
    post.targets.create(profile=gallery, kind="image", state="draft")
    assert choices(alice, post) == {str(gallery.pk)}
