"""The publish call: once, in order, within the quota; and what is known after."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.instagram.graph import good, profile, refusal


@pytest.fixture
def ready(sandbox, lena, web):
    """A container that can be published."""
    sandbox.set(fetch_media=False)
    return lena.create(image_url=web("photo.jpg"), caption="Once")


def publish(lena, container):
    return lena.post(f"{lena.id}/media_publish", creation_id=container)


def fault(sandbox, kind, **rule):
    sandbox.fault(kind, platform="instagram", step="publish", **rule)


def test_an_unfinished_container_is_not_ready(sandbox, lena, web):
    """Acceptance case 2."""
    sandbox.set(processing_ms=60_000, fetch_media=False)
    container = lena.create(image_url=web("photo.jpg"))
    assert refusal(publish(lena, container)) == (9007, 2207027)
    sandbox.advance(61)
    assert good(publish(lena, container))["id"]
    assert len(sandbox.ledger()) == 1


@pytest.mark.parametrize("creation", ["17900000000009999", "", "me"])
def test_an_unknown_creation_id(lena, creation):
    assert refusal(publish(lena, creation)) == (24, 2207008)


def test_a_container_of_another_account_is_unknown(sandbox, ready):
    other = profile(sandbox, "northtrail.gear")
    assert refusal(publish(other, ready)) == (24, 2207008)


def test_publishing_twice_is_refused_by_default(sandbox, lena, ready):
    good(publish(lena, ready))
    assert refusal(publish(lena, ready)) == (24, 2207008)
    assert len(sandbox.ledger()) == 1


@pytest.mark.parametrize(("habit", "posts"), [("same_id", 1), ("second_post", 2)])
def test_publishing_twice_is_undocumented_so_it_is_a_switch(
    sandbox, lena, ready, habit, posts
):
    sandbox.set(**{"instagram.publish_twice": habit})
    first, second = good(publish(lena, ready)), good(publish(lena, ready))
    assert (first == second) == (habit == "same_id")
    assert len(sandbox.ledger()) == posts


def test_a_fresh_creation_id_may_be_unknown_for_a_while(sandbox, lena, ready):
    sandbox.set(**{"instagram.creation_unknown_ms": 30_000})
    assert refusal(publish(lena, ready)) == (24, 2207008)
    sandbox.advance(31)
    assert good(publish(lena, ready))["id"]


def test_the_answer_is_lost_after_the_post_went_out(sandbox, lena, ready):
    """Acceptance case 4."""
    fault(sandbox, "cut_after")
    with pytest.raises(requests.ConnectionError):
        publish(lena, ready)
    assert lena.status(ready)["status_code"] == "PUBLISHED"
    fields = "id,caption,timestamp"
    [found] = good(lena.get(f"{lena.id}/media", fields=fields))["data"]
    assert found["caption"] == "Once"
    assert len(sandbox.ledger()) == 1


def test_an_error_after_the_post_went_out(sandbox, lena, ready):
    """Acceptance case 5: 4/2207051 although the post is live."""
    detail = {"code": 4, "subcode": 2207051}
    fault(sandbox, "error", status=400, accepted=True, detail=detail)
    assert refusal(publish(lena, ready)) == (4, 2207051)
    assert lena.status(ready)["status_code"] == "PUBLISHED"


def test_the_connection_dies_before_anything_happened(sandbox, lena, ready):
    """Acceptance case 6."""
    fault(sandbox, "cut_before")
    with pytest.raises(requests.ConnectionError):
        publish(lena, ready)
    assert lena.status(ready)["status_code"] == "FINISHED"
    assert sandbox.ledger() == []
    assert good(publish(lena, ready))["id"]


def test_the_quota_is_told_and_kept(sandbox, lena, ready):
    """Acceptance case 9."""
    limit = f"{lena.id}/content_publishing_limit"
    sandbox.set_quota("instagram", lena.id, used=49, total=50)
    good(publish(lena, ready))
    [row] = good(lena.get(limit, fields="quota_usage,config"))["data"]
    assert row["quota_usage"] == 50
    assert row["config"] == {"quota_total": 50, "quota_duration": 86_400}
    late = lena.create(image_url="http://127.0.0.1/late.jpg")
    assert refusal(publish(lena, late)) == (9, 2207042)


def test_the_quota_window_rolls(sandbox, lena, ready):
    good(publish(lena, ready))
    assert sandbox.quota("instagram", lena.id) == {"used": 1, "total": 50}
    sandbox.advance(86_401)
    assert sandbox.quota("instagram", lena.id)["used"] == 0


def test_the_quota_is_the_cheap_probe_of_the_right_to_publish(sandbox, lena):
    limit = f"{lena.id}/content_publishing_limit"
    assert good(lena.get(limit))["data"] == [{"quota_usage": 0}]
    sandbox.remove_permissions(
        "instagram", lena.id, "instagram_business_content_publish"
    )
    assert refusal(lena.get(limit)) == (10, 0)


def test_an_old_since_is_refused(lena):
    answer = lena.get(f"{lena.id}/content_publishing_limit", since="1")
    assert refusal(answer) == (100, 0)
