from __future__ import annotations

import pytest

from core.errors import DomainError
from scheduling.actions.duplicate import duplicate_post
from tests.factories import MediaItemFactory
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")


def test_copy_is_a_draft_without_a_time(make_post, cast):
    """R-F2: a copy of a published post doesn't go out by itself."""
    items = MediaItemFactory.create_batch(2, group=cast.group)
    post = make_post("published", text="Again", items=items, target={"text": "Own"})
    copy = duplicate_post(actor=cast.bob, post=post)
    target = only(copy)
    assert (copy.text, copy.scheduled_at, copy.author) == ("Again", None, cast.bob)
    assert (target.state, target.text, target.kind) == ("draft", "Own", "post")
    assert (target.published_at, target.permalink) == (None, "")
    assert [row.item for row in copy.attachments.all()] == items


def test_profiles_that_are_gone_are_left_out(make_post, cast, words):
    post = make_post("published")
    words.removed_at = NOW
    words.save()
    assert not duplicate_post(actor=cast.alice, post=post).targets.exists()


def test_viewer_may_not(make_post, viewer):
    """R-A6: who may only look can't duplicate."""
    with pytest.raises(DomainError) as caught:
        duplicate_post(actor=viewer, post=make_post())
    assert caught.value.code == "may_not_schedule"
