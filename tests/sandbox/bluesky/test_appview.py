"""The public app view, and the pages at bsky.app."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.bluesky.atproto import MAYA, NOAH, POST, good, trouble
from tests.support.files import small_jpeg

VIEW = "public.api.bsky.app/xrpc/app.bsky"


def ask(sandbox, method, **params):
    url = f"{sandbox.url}/{VIEW}.{method}"
    return requests.get(url, params=params, timeout=30)


def page(sandbox, path):
    return requests.get(f"{sandbox.url}/bsky.app/profile/{path}", timeout=30)


@pytest.fixture
def posted(maya):
    return good(maya.create("Hello", "3n2u5hgbu222b"))


@pytest.mark.parametrize("by", ["did", "handle"])
def test_a_profile(maya, sandbox, by):
    about = good(ask(sandbox, "actor.getProfile", actor=getattr(maya, by, MAYA)))
    assert (about["did"], about["handle"]) == (maya.did, MAYA)
    assert about["displayName"] == "Maya Lindqvist"
    assert (about["followersCount"], about["postsCount"]) == (3412, 0)
    picture = requests.get(about["avatar"].replace("https:/", sandbox.url), timeout=30)
    assert picture.headers["Content-Type"] == "image/jpeg"


def test_profiles_that_are_not_there(sandbox):
    unknown = ask(sandbox, "actor.getProfile", actor="nobody.example")
    assert trouble(unknown) == "400 InvalidRequest: Profile not found"
    sandbox.identity("bluesky", handle="off.bsky.social", extra={"status": "takendown"})
    off = ask(sandbox, "actor.getProfile", actor="off.bsky.social")
    assert trouble(off).startswith("400 AccountTakedown")
    some = ask(sandbox, "actor.getProfiles", actors=[MAYA, "nobody.example"])
    assert len(good(some)["profiles"]) == 1


def test_posts_come_with_counts_but_no_impressions(sandbox, posted):
    gone = posted["uri"].replace("222b", "232b")
    found = good(ask(sandbox, "feed.getPosts", uris=[posted["uri"], gone]))["posts"]
    (post,) = found
    assert post["record"]["text"] == "Hello"
    assert {"likeCount", "repostCount", "replyCount", "quoteCount"} <= set(post)
    assert "impressions" not in str(post)


def test_counts_grow_and_never_fall(sandbox, posted):
    def likes():
        post = good(ask(sandbox, "feed.getPosts", uris=posted["uri"]))["posts"][0]
        return post["likeCount"]

    seen = [likes()]
    for _ in range(4):
        sandbox.advance(3 * 3600)
        seen.append(likes())
    assert seen == sorted(seen)
    assert seen[0] == 0


def test_25_posts_at_a_time(sandbox, posted):
    many = [posted["uri"]] * 26
    assert ask(sandbox, "feed.getPosts", uris=many).status_code == 400


def test_the_app_view_lags_behind_the_server(maya, sandbox):
    sandbox.set(**{"bluesky.appview_lag_ms": 60_000})
    made = good(maya.create("fresh"))
    assert good(ask(sandbox, "feed.getPosts", uris=made["uri"]))["posts"] == []
    rkey = made["uri"][-13:]
    place = {"repo": maya.did, "collection": POST, "rkey": rkey}
    good(maya.get("com.atproto.repo.getRecord", **place))
    sandbox.advance(61)
    assert good(ask(sandbox, "feed.getPosts", uris=made["uri"]))["posts"]


def test_replies_show_in_the_thread(sandbox, posted):
    sandbox.post_directly("bluesky", NOAH, text="Lovely!", reply_to=posted["uri"])
    thread = good(ask(sandbox, "feed.getPostThread", uri=posted["uri"]))["thread"]
    (reply,) = thread["replies"]
    assert reply["post"]["author"]["handle"] == NOAH
    assert reply["post"]["record"]["reply"]["root"]["uri"] == posted["uri"]
    assert thread["post"]["replyCount"] == 1
    missing = ask(sandbox, "feed.getPostThread", uri="at://x")
    assert trouble(missing).startswith("400 NotFound")


def test_what_people_post_themselves_is_no_publication_of_ours(sandbox):
    made = sandbox.post_directly("bluesky", MAYA, text="By hand")
    assert good(ask(sandbox, "feed.getPosts", uris=made["uri"]))["posts"]
    assert sandbox.ledger("bluesky") == []
    with pytest.raises(AssertionError, match="There is no post"):
        sandbox.post_directly("bluesky", MAYA, text="x", reply_to="at://x")


@pytest.mark.parametrize("by_handle", [True, False])
def test_a_posts_permalink_opens_by_did_and_by_handle(maya, sandbox, by_handle):
    facets = [
        {
            "index": {"byteStart": 5, "byteEnd": 24},
            "features": [
                {
                    "$type": "app.bsky.richtext.facet#link",
                    "uri": "https://example.org",
                }
            ],
        }
    ]
    good(maya.create("Read https://example.org <b>", "3n2u5hgbu222b", facets=facets))
    (row,) = sandbox.ledger("bluesky")
    path = row["permalink"].removeprefix("https://bsky.app/profile/")
    if by_handle:
        path = path.replace(maya.did, MAYA)
    text = page(sandbox, path).text
    link = '<a rel="nofollow" href="https://example.org">https://example.org</a>'
    assert f"Read {link} &lt;b&gt;" in text


def test_pictures_cards_and_quotes_show_on_the_profile(maya, sandbox, posted):
    image = {"image": maya.blob(small_jpeg()), "alt": "A red bicycle"}
    pictures = {"$type": "app.bsky.embed.images", "images": [image]}
    good(maya.create("with picture", embed=pictures))
    external = {"uri": "https://x.org/a", "title": "A title", "description": "Words"}
    card = {"$type": "app.bsky.embed.external", "external": external}
    good(maya.create("with card", embed=card))
    reference = {"uri": posted["uri"], "cid": posted["cid"]}
    quote = {"$type": "app.bsky.embed.record", "record": reference}
    good(maya.create("with quote", embed=quote))
    text = page(sandbox, MAYA).text
    for part in ('alt="A red bicycle"', "A title", "Words", "Hello"):
        assert part in text
    picture = text.split('<img src="')[1].split('"')[0]
    answer = requests.get(sandbox.url + picture, timeout=30)
    assert answer.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize("path", ["nobody.example", f"{MAYA}/post/3n2u5hgbu222b"])
def test_pages_of_what_is_not_there(sandbox, path):
    assert page(sandbox, path).status_code == 404


def test_mentions_tags_and_broken_ranges_on_a_page(maya, sandbox):
    kind = "app.bsky.richtext.facet#"
    ranges = ((0, 5, {"$type": kind + "mention", "did": maya.did}),)
    ranges += ((6, 10, {"$type": kind + "tag", "tag": "tag"}),)
    ranges += ((9, 999, {"$type": kind + "tag", "tag": "tag"}),)
    ranges += ((11, 14, {"$type": kind + "unheardOf"}),)
    facets = [
        {"index": {"byteStart": first, "byteEnd": last}, "features": [feature]}
        for first, last, feature in ranges
    ]
    good(maya.create("@maya #tag end", "3n2u5hgbu222b", facets=facets))
    text = page(sandbox, f"{MAYA}/post/3n2u5hgbu222b").text
    assert f'<a href="/bsky.app/profile/{maya.did}">@maya</a>' in text
    assert '<span class="found">#tag</span> end' in text


def test_a_video_has_a_place_on_its_page(maya, sandbox, web):
    clip = (web.folder / "clip.mp4").read_bytes()
    embed = {"$type": "app.bsky.embed.video", "video": maya.blob(clip, "video/mp4")}
    good(maya.create("film", "3n2u5hgbu222b", embed=embed))
    assert "720 \u00d7 1280" in page(sandbox, f"{MAYA}/post/3n2u5hgbu222b").text


@pytest.mark.parametrize(
    "path", ["img/feed/00.jpg", "img/avatar/plain/did:plc:none/avatar@jpeg"]
)
def test_pictures_that_are_not_there(sandbox, path):
    answer = requests.get(f"{sandbox.url}/cdn.bsky.app/{path}", timeout=30)
    assert answer.status_code == 404


def test_paths_nobody_serves(sandbox):
    answer = requests.get(f"{sandbox.url}/bsky.social/nothing", timeout=30)
    assert trouble(answer) == "404 NotFound: Not Found"
