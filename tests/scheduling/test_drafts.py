"""What the publishing engine and the checks get to see of a target."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media.actions.upload import upload
from profiles import hooks
from scheduling import drafts
from scheduling.leaving import needs
from tests.factories import MediaItemFactory
from tests.scheduling.conftest import only
from tests.support import files

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def real_photo(cast, tmp_path):
    """A real JPEG in the library."""
    data = files.photo(tmp_path / "real.jpg", (800, 600)).read_bytes()
    file = SimpleUploadedFile("real.jpg", data, "image/jpeg")
    return upload(group=cast.group, actor=cast.alice, file=file)


def test_build_gives_text_kind_options_and_files_to_fetch(make_post, real_photo):
    """R-E4: what a platform gets has a public address and its bytes."""
    options = {"langs": ["en"]}
    post = make_post(items=[real_photo], target={"options": options, "text": "Own"})
    draft = drafts.build(only(post))
    (media,) = draft.media
    assert (draft.kind, draft.text, draft.options) == ("post", "Own", options)
    assert (media.width, media.height, media.kind) == (800, 600, "image")
    assert media.url.startswith("http")
    assert media.bytes()[:2] == b"\xff\xd8"


def test_files_come_in_the_posts_order(make_post, cast):
    items = MediaItemFactory.create_batch(3, group=cast.group)
    target = only(make_post(items=items[::-1]))
    assert drafts.items_of(target) == items[::-1]


def test_pinned_files_come_in_their_own_order(make_post, cast):
    """What is out keeps the files it was sent with."""
    items = MediaItemFactory.create_batch(3, group=cast.group)
    pinned = [str(items[2].pk), str(items[0].pk)]
    target = only(make_post(items=[items[1]], target={"media_ids": pinned}))
    assert drafts.items_of(target) == [items[2], items[0]]


def test_pinned_file_that_is_gone_is_left_out(make_post, photo):
    target = only(make_post(target={"media_ids": [str(photo.pk)]}))
    photo.delete()
    assert drafts.items_of(target) == []


def test_sketch_needs_no_file_on_disk(make_post, photo):
    """Checks while composing go by the files' facts alone."""
    draft = drafts.sketch_of(only(make_post(items=[photo])))
    assert [media.id for media in draft.media] == [str(photo.pk)]


# R-D7: posts that hold a profile


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        ("scheduled", True),
        ("claimed", True),
        ("sending", True),
        ("processing", True),
        ("unconfirmed", True),
        ("held", True),
        ("draft", False),
        ("published", False),
        ("failed", False),
        ("missed", True),
    ],
)
def test_profile_is_held_by_what_still_needs_it(make_post, words, state, waits):
    """R-D7: the dialog shows each waiting post with its address."""
    post = make_post(state, text="Waiting")
    address = reverse("scheduling:post", args=[post.group_id, post.pk])
    found = [(row.text, row.url) for row in needs(words).shown]
    assert found == ([("Waiting", address)] if waits else [])


def test_profiles_app_asks_us(make_post, words):
    """R-D7: registered when the app starts."""
    make_post()
    assert hooks.needs(words).count == 1
