"""The smallest parts: drawn by tags, escaped, and the same when they are included."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.template import Context, Template

from later.context import GroupLink

EVIL = "\"><script>alert('x')</script>"


def drawn(text: str, **values: object) -> str:
    return Template("{% load ui %}" + text).render(Context(values)).strip()


def test_an_icon_is_hidden_unless_it_says_something():
    assert 'class="icon" aria-hidden="true"' in drawn('{% icon "plug" %}')
    said = drawn('{% icon "plug" "icon--sm" "Not connected" %}')
    assert 'class="icon icon--sm" role="img" aria-label="Not connected"' in said
    assert "icons.svg#plug" in said


@pytest.mark.parametrize(
    ("tag", "part"),
    [
        (
            '{% icon "plug" "a" "b" %}',
            'icon.html" with name="plug" class="a" label="b"',
        ),
        (
            '{% platform "bluesky" "a" "b" %}',
            'platform.html" with platform="bluesky" class="a" label="b"',
        ),
        (
            '{% badge "Fine" "good" "plug" "a" %}',
            'badge.html" with text="Fine" tone="good" icon="plug" class="a"',
        ),
        (
            '{% avatar "Ada" "/p.png" "bluesky" "a" 3 "b" %}',
            (
                'avatar.html" with name="Ada" src="/p.png" platform="bluesky" '
                'class="a" tint=3 label="b"'
            ),
        ),
    ],
)
def test_tag_and_included_part_are_the_same(tag, part):
    assert drawn(tag) == drawn('{% include "ui/' + part + " %}")


def test_an_included_part_needs_no_more_than_its_name():
    assert drawn('{% include "ui/icon.html" with name="plug" %}') == drawn(
        '{% icon "plug" %}'
    )
    assert 'data-tone="neutral"' in drawn('{% include "ui/badge.html" with text="x" %}')


@pytest.mark.parametrize(
    "tag",
    [
        "{% icon evil evil evil %}",
        "{% platform evil evil evil %}",
        "{% badge evil evil evil evil %}",
        "{% avatar evil evil evil evil evil evil %}",
    ],
)
def test_what_people_and_platforms_wrote_is_escaped(tag):
    """R-I2: names come from anywhere."""
    assert "<script>" not in drawn(tag, evil=EVIL)


@pytest.mark.parametrize(
    ("name", "initial"), [("ada", "A"), ("élise", "É"), ("", "·"), ("<b>", "&lt;")]
)
def test_an_initial_stands_where_no_picture_is(name, initial):
    said = drawn("{% avatar name %}", name=name)
    assert said == (
        f'<span class="avatar" data-tint="0" aria-hidden="true">{initial}</span>'
    )


def test_the_initial_lies_below_the_picture():
    """For when a platform's address of it has run out."""
    said = drawn('{% avatar "Ada" "https://cdn.example/a.png" %}')
    assert '>A<img class="avatar__image" src="https://cdn.example/a.png"' in said


def test_the_switchers_rows_say_which_is_open():
    links = [
        GroupLink(uuid4(), EVIL, "/g/1/calendar/", 0, current=True),
        GroupLink(uuid4(), "Ben", "/g/2/calendar/", 1, current=False),
    ]
    first, second = drawn("{% group_links links %}", links=links).splitlines()
    assert 'href="/g/1/calendar/" aria-current="true"' in first
    assert "<script>" not in first
    assert second == (
        '<li><a class="menu__item" href="/g/2/calendar/">'
        '<span class="truncate">Ben</span></a></li>'
    )
