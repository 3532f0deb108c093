"""Instagram's rules on their own: parameters, media limits, reach, indexes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sandbox.instagram import seed
from sandbox.instagram.checks import REEL, STORY, check_image, video_fault
from sandbox.instagram.store import Comment, Container, Media, Store
from sandbox.instagram.wish import read_wish
from sandbox.media import MediaFacts
from sandbox.meta import people
from sandbox.meta.graph import GraphError, page_of
from sandbox.state import State, Token

MIB = 1024 * 1024
IMAGE = MediaFacts("image", "image/jpeg", MIB, "aa", "JPEG", 1080, 1350)
CLIP = MediaFacts(
    kind="video",
    mime="video/mp4",
    size=5 * MIB,
    sha256="bb",
    format="mov,mp4,m4a",
    width=1080,
    height=1920,
    duration=30,
    fps=30,
    video_codec="h264",
    audio_codec="aac",
    audio_rate=48_000,
    audio_channels=2,
    pixel_format="yuv420p",
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, 0),
        ({"width": 1080, "height": 566}, 0),
        ({"width": 1080, "height": 1351}, 0),
        ({"width": 1080, "height": 1400}, 36003),
        ({"width": 1200, "height": 600}, 36003),
        ({"size": 8 * MIB}, 0),
        ({"size": 8 * MIB + 1}, 36000),
        ({"format": "MPO"}, 36001),
        ({"format": "PNG"}, 36001),
        ({"kind": "video"}, 36001),
        ({"kind": "other"}, 9004),
    ],
)
def test_image_limits(change, code):
    changed = {"format": "mp4"} if change.get("kind") == "video" else {}
    facts = replace(IMAGE, **{**change, **changed})
    if code == 0:
        check_image(facts, story=False)
        return
    with pytest.raises(GraphError) as refused:
        check_image(facts, story=False)
    assert refused.value.fault.code == code


def test_stories_may_have_any_shape():
    check_image(replace(IMAGE, width=1080, height=1920), story=True)


@pytest.mark.parametrize(
    ("change", "reel", "story"),
    [
        ({}, True, True),
        ({"duration": 2.5}, False, False),
        ({"duration": 3.0}, True, True),
        ({"duration": 60.05}, True, True),
        ({"duration": 61}, True, False),
        ({"duration": 900, "size": 250 * MIB}, True, False),
        ({"duration": 901}, False, False),
        ({"size": 101 * MIB, "duration": 50}, True, False),
        ({"size": 301 * MIB, "duration": 600}, False, False),
        ({"size": 100 * MIB, "duration": 20}, False, False),
        ({"width": 1921}, False, False),
        ({"width": 60, "height": 1920}, True, False),
        ({"fps": 22}, False, False),
        ({"fps": 23.976}, True, True),
        ({"fps": 60}, True, True),
        ({"fps": 120}, False, False),
        ({"video_codec": "hevc"}, True, True),
        ({"video_codec": "vp9"}, False, False),
        ({"pixel_format": "yuv444p"}, False, False),
        ({"audio_codec": ""}, True, True),
        ({"audio_codec": "mp3"}, False, False),
        ({"audio_rate": 96_000}, False, False),
        ({"audio_channels": 6}, False, False),
        ({"format": "matroska,webm"}, False, False),
        ({"moov_first": False}, False, False),
    ],
)
def test_video_limits(change, reel, story):
    facts = replace(CLIP, **change)
    assert (video_fault(facts, REEL, faststart=True) == "") is reel
    assert (video_fault(facts, STORY, faststart=True) == "") is story


def wish(**asked):
    return read_wish(asked, own_login=True)


@pytest.mark.parametrize(
    ("asked", "media_type"),
    [
        ({"image_url": "http://x/a.jpg"}, "IMAGE"),
        ({"image_url": "http://x/a.jpg", "media_type": "image"}, "IMAGE"),
        ({"video_url": "http://x/a.mp4", "media_type": "REELS"}, "REELS"),
        ({"upload_type": "resumable", "media_type": "REELS"}, "REELS"),
        ({"image_url": "http://x/a.jpg", "media_type": "STORIES"}, "STORIES"),
        ({"children": "1,2", "media_type": "CAROUSEL"}, "CAROUSEL"),
        ({"children": '["1","2"]', "media_type": "CAROUSEL"}, "CAROUSEL"),
    ],
)
def test_each_kind_of_container_is_understood(asked, media_type):
    assert wish(**asked).media_type == media_type


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"image_url": "http://x/ä.jpg"},
        {"media_type": "REELS"},
        {"media_type": "REELS", "image_url": "http://x/a.jpg"},
        {"media_type": "REELS", "video_url": "u", "upload_type": "resumable"},
        {"media_type": "STORIES", "video_url": "u", "image_url": "u"},
        {"media_type": "CAROUSEL", "children": "1,2", "image_url": "u"},
        {"media_type": "STORIES", "image_url": "u", "collaborators": '["a"]'},
        {"image_url": "u", "user_tags": '{"username":"x"}'},
        {"image_url": "u", "user_tags": '[{"x":0.1,"y":0.1}]'},
        {"media_type": "REELS", "video_url": "u", "thumb_offset": "soon"},
        {"media_type": "REELS", "video_url": "u", "trial_params": '{"a":1}'},
    ],
)
def test_parameters_that_do_not_fit_together_are_invalid(asked):
    with pytest.raises(GraphError) as refused:
        wish(**asked)
    assert refused.value.fault.code == 100


def test_options_keep_their_types():
    found = wish(
        media_type="REELS",
        video_url="http://x/a.mp4",
        share_to_feed="false",
        thumb_offset="0",
        audio_name="Mine",
        trial_params=json.dumps({"graduation_strategy": "SS_PERFORMANCE"}),
        user_tags='[{"username":"lena"}]',
    ).options
    assert found["share_to_feed"] is False
    assert found["thumb_offset"] == 0
    assert found["audio_name"] == "Mine"
    assert found["trial_params"] == {"graduation_strategy": "SS_PERFORMANCE"}


def test_words_go_where_the_platform_shows_them():
    item = wish(image_url="u", is_carousel_item="true", caption="no", alt_text="yes")
    assert (item.caption, item.alt_text) == ("", "yes")
    reel = wish(media_type="REELS", video_url="u", caption="yes", alt_text="no")
    assert (reel.caption, reel.alt_text) == ("yes", "")


@pytest.fixture
def state() -> State:
    state = State()
    seed.seed(state)
    return state


def token(state: State, person: str, assets: list[str] | None = None) -> Token:
    ident = state.identity("facebook", person)
    assert ident is not None
    extra = {"assets": assets}
    return Token("t", "facebook", ident.id, "long", "app", [], 0, None, "", extra)


def handles(state: State, found: dict[str, list[str]]) -> set[str]:
    return {state.identities[f"instagram:{ident}"].handle for ident in found}


def test_a_person_reaches_professional_accounts_behind_the_pages(state):
    lena = people.reach(state, token(state, "lena.martins"))
    assert handles(state, lena) == {"lena.studio", "northtrail.gear", "harbor.coffee"}
    miro = people.reach(state, token(state, "miro.okafor"))
    assert handles(state, miro) == {"miro.cooks"}


def test_both_page_and_account_must_have_been_left_in(state):
    [page] = people.pages_linked_to(state, "17841400000000001")
    both = [page.id, "17841400000000001"]
    assert people.reach(state, token(state, "lena.martins", both))
    for asset in both:
        assert people.reach(state, token(state, "lena.martins", [asset])) == {}


def test_an_unknown_link_of_a_page_is_refused(state):
    wish = {"name": "Odd", "extra": {"tasks": {"nobody": ["MANAGE"]}}}
    with pytest.raises(ValueError, match="nobody"):
        people.new_page(state, wish)


def media(ident: str, created_at: float, product: str = "FEED") -> Media:
    account = "17841400000000001"
    return Media(ident, account, "c", "IMAGE", product, "", ident, "", created_at)


def test_the_indexes_are_rebuilt_from_the_tables(state):
    store = Store(state)
    store.add_media(media("1", 10))
    store.add_media(media("2", 20, "STORY"))
    store.add_comment(Comment("9", "1", "Hi", "5", "sam", 11))
    store.add_container(Container("7", "17841400000000001", "app", "IMAGE", 10))
    store.reindex()
    assert [row.id for row in store.media_of("17841400000000001")] == ["2", "1"]
    assert [row.id for row in store.comments_on("1")] == ["9"]
    assert store.containers_since("17841400000000001", 5) == 1
    assert store.containers_since("17841400000000001", 10) == 0


@pytest.mark.parametrize(
    ("since", "stories", "count"),
    [(0, True, 2), (0, False, 1), (10, True, 1), (20, True, 0)],
)
def test_the_quota_counts_what_the_api_published(state, since, stories, count):
    store = Store(state)
    store.add_media(media("1", 10))
    store.add_media(media("2", 20, "STORY"))
    store.add_media(replace(media("3", 30), api=False))
    account = "17841400000000001"
    assert store.published_since(account, since, stories=stories) == count


def test_pages_of_a_list_end_where_it_ends():
    rows = [{"id": str(number)} for number in range(5)]
    seen, asked = [], {"limit": "2"}
    while True:
        page = page_of(rows, asked, "https://graph.test/list")
        seen += [row["id"] for row in page["data"]]
        if "next" not in page["paging"]:
            break
        asked["after"] = page["paging"]["cursors"]["after"]
    assert seen == ["0", "1", "2", "3", "4"]
    assert page_of([], {}, "https://graph.test/list") == {"data": []}
