"""Connect only: no post can be written for it, in no door, not even a draft."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse

from core.errors import DomainErrors
from media.queries import platform_fits
from publishing.actions.check import refusal
from scheduling.actions.create import create_post
from scheduling.models import Post
from scheduling.states import TargetState
from tests.scheduling.conftest import DRAFT, NOW_PLEASE, at, content, only
from tests.scheduling.platforms import Words

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def connect_only(monkeypatch, words):
    monkeypatch.setattr(Words, "publishes", False)
    return words


@pytest.mark.parametrize("when", [DRAFT, NOW_PLEASE, at("2026-03-05T10:00")])
def test_nothing_is_scheduled_to_it(cast, connect_only, when):
    with pytest.raises(DomainErrors) as caught:
        create_post(
            actor=cast.alice,
            group=cast.group,
            content=content(connect_only),
            when=when,
        )
    found = [(error.code, error.field) for error in caught.value.errors]
    assert ("connect_only", "profiles") in found
    assert not Post.objects.exists()


def test_the_composer_names_it_and_doesnt_offer_it(alice, cast, connect_only, gallery):
    answer = alice.get(reverse("scheduling:compose", args=[cast.group.pk]))
    page = unescape(answer.content.decode())
    assert "not offered here yet: @alice on Words." in page
    assert f'value="{connect_only.pk}"' not in page
    assert f'value="{gallery.pk}"' in page


def test_the_check_while_typing_says_so_too(alice, cast, connect_only):
    address = reverse("scheduling:check", args=[cast.group.pk])
    answer = alice.post(address, {"profiles": str(connect_only.pk), "text": "Hi"})
    assert answer.status_code == 200
    assert answer.json()["kinds"] == {}


def test_a_post_from_before_is_held_at_its_time(make_post, monkeypatch):
    """Only a platform that lost its publishing could bring one about."""
    target = only(make_post())
    monkeypatch.setattr(Words, "publishes", False)
    held = refusal(target)
    assert held is not None
    assert (held.state, held.code) == (TargetState.HELD, "connect_only")


def test_no_file_is_judged_for_it(photo, connect_only):
    names = {fit.platform for fit in platform_fits(photo)}
    assert "words" not in names
    assert "gallery" in names
