"""Stories: business accounts, no words, gone after a day."""

from __future__ import annotations

from tests.sandbox.instagram.graph import good, profile, refusal
from tests.support.files import photo, video


def story(lena, **form):
    return lena.create(media_type="STORIES", **form)


def listed(lena, edge):
    return [row["id"] for row in good(lena.get(f"{lena.id}/{edge}"))["data"]]


def test_an_image_story_stands_in_the_stories_only(sandbox, lena, web):
    photo(web.folder / "tall.jpg", (1080, 1920))
    media = lena.publish(story(lena, image_url=web("tall.jpg"), caption="unseen"))
    node = good(lena.get(media, fields="permalink,media_product_type"))
    assert node["media_product_type"] == "STORY"
    assert node["permalink"].startswith("https://www.instagram.com/stories/lena.studio")
    assert (listed(lena, "stories"), listed(lena, "media")) == ([media], [])
    [row] = sandbox.ledger()
    assert (row["kind"], row["text"]) == ("story", "")


def test_a_story_is_gone_after_24_hours(sandbox, lena, web):
    lena.publish(story(lena, image_url=web("photo.jpg")))
    sandbox.advance(86_401)
    assert listed(lena, "stories") == []


def test_a_video_story_lasts_at_most_a_minute(lena, web):
    container = story(lena, video_url=web("clip.mp4"))
    assert lena.settled(container)["status_code"] == "FINISHED"
    long = video(web.folder / "long.mp4", size=(320, 568), seconds=62)
    container = story(lena, video_url=web(long.name))
    assert lena.settled(container)["status"].endswith("2207026")


def test_creators_publish_no_stories(sandbox, web):
    """R-C7, acceptance case 12: Stories are for business accounts."""
    miro = profile(sandbox, "miro.cooks")
    form = {"media_type": "STORIES", "image_url": web("photo.jpg")}
    assert refusal(miro.post(f"{miro.id}/media", **form)) == (10, 0)
    sandbox.set(**{"instagram.creator_stories": True})
    assert miro.create(**form)


def test_whether_stories_use_the_quota_is_a_switch(sandbox, lena, web):
    lena.publish(story(lena, image_url=web("photo.jpg")))
    assert sandbox.quota("instagram", lena.id)["used"] == 1
    sandbox.set(**{"instagram.stories_use_quota": False})
    assert sandbox.quota("instagram", lena.id)["used"] == 0
