"""From a draft to a container that is ready to publish."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from platforms import clock
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import Job, Prepared, Waiting
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal, FakeHttp, Sent, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    LONG,
    PAGE,
    USER,
    instagram,
    job,
    jobs,
    listing,
    post,
    refusal,
    status,
    world,
)
from tests.platforms.samples import MP4, photo, video

JOBS = jobs()
FIRST = "17900000000000001"
CREATE = f"/{ACCOUNT}/media\\?"


def created(http: FakeHttp) -> list[dict[str, str]]:
    return [s.form for s in http.answered if s.method == "POST" and "/media" in s.url]


def prepared(sample: Job, http: FakeHttp) -> Prepared:
    return run_prepare(instagram(http), sample, DictJournal())


def looking(*answers) -> FakeHttp:
    """A world whose containers answer in turn."""
    return world().on("GET", r"/1790\d+\?fields=status_code", *answers)


# What is asked of Instagram


def test_a_photo_is_one_container_by_address():
    http = world()
    item = photo(alt_text="Two cups")
    prepared(job("image", "Hello #sun", item), http)
    assert created(http) == [
        {"image_url": item.url, "caption": "Hello #sun", "alt_text": "Two cups"}
    ]


def test_a_single_video_is_a_reel():
    http = world()
    prepared(JOBS["reel"], http)
    assert created(http) == [
        {
            "media_type": "REELS",
            "share_to_feed": "true",
            "video_url": "https://later.example/m/video-1.mp4",
            "caption": "A reel",
        }
    ]


@pytest.mark.parametrize(
    ("item", "field"), [(photo(), "image_url"), (video(), "video_url")]
)
def test_a_story_has_no_caption(item, field):
    http = world()
    prepared(job("story", "unseen", item), http)
    assert created(http) == [{"media_type": "STORIES", field: item.url}]


def test_a_carousel_is_made_of_items_and_a_parent():
    """Sheet case 3"""
    http = world()
    ready = prepared(JOBS["carousel"], http)
    first, second, third, parent = created(http)
    assert first == {"is_carousel_item": "true", "image_url": photo(1).url}
    assert second == {
        "media_type": "VIDEO",
        "is_carousel_item": "true",
        "video_url": video(2).url,
    }
    assert third["image_url"] == photo(3).url
    ids = ",".join(f"1790000000000000{n}" for n in (1, 2, 3))
    assert parent == {"media_type": "CAROUSEL", "children": ids, "caption": "Three"}
    assert ready.data["container"] == "17900000000000004"


def test_the_parent_waits_for_every_item():
    slow = {f"{FIRST[:-1]}2": iter(["IN_PROGRESS"] * 3)}

    def answer(sent: Sent):
        number = sent.url.rpartition("/")[2]
        return status(next(slow.get(number, iter(())), "FINISHED"))

    http = looking(answer)
    prepared(JOBS["carousel"], http)
    order = [s.url.rpartition("/")[2] for s in http.sent]
    assert order.count(f"{FIRST[:-1]}2") == 4
    assert order.count(FIRST) == 1


def test_addresses_are_sent_in_plain_ascii():
    http = world()
    odd = photo(url="https://later.example/m/año 1.jpg?a=b%20c")
    prepared(job("image", "", odd), http)
    assert created(http)[0] == {
        "image_url": "https://later.example/m/a%C3%B1o%201.jpg?a=b%20c"
    }


def test_the_token_travels_in_a_header():
    """R-D2"""
    http = world()
    prepared(JOBS["image"], http)
    assert {s.headers["Authorization"] for s in http.sent} == {f"Bearer {LONG}"}
    assert not [s for s in http.sent if LONG in s.address]


def test_a_file_without_an_address_is_refused():
    with pytest.raises(Rejected, match="public address") as caught:
        prepared(job("image", "", photo(url="")), world())
    assert caught.value.field == "media"


# Waiting


def test_the_first_look_is_after_two_seconds():
    http, journal = world(), DictJournal()
    answer = instagram(http).prepare(JOBS["image"], journal)
    assert isinstance(answer, Waiting)
    assert answer.seconds == 2
    assert not http.to("status_code")


def test_looks_become_rarer():
    adapter, journal = instagram(looking(status("IN_PROGRESS"))), DictJournal()
    pauses = [adapter.prepare(JOBS["image"], journal) for _ in range(9)]
    seconds = [w.seconds for w in pauses if isinstance(w, Waiting)]
    assert seconds == [2, 3, 5, 10, 20, 30, 60, 60, 60]


def test_after_a_quarter_of_an_hour_a_person_is_told():
    adapter, journal = instagram(looking(status("IN_PROGRESS"))), DictJournal()
    waited = 0.0
    with pytest.raises(Unavailable, match="quarter of an hour"):
        while True:
            answer = adapter.prepare(JOBS["reel"], journal)
            assert isinstance(answer, Waiting)
            waited += answer.seconds
    assert 14 * 60 <= waited <= 16 * 60


def test_the_container_is_kept_beyond_our_patience():
    """It stays good for a day."""
    http, journal = looking(status("IN_PROGRESS")), DictJournal()
    adapter = instagram(http)
    with pytest.raises(Unavailable):
        run_prepare(adapter, JOBS["reel"], journal)
    http.on("GET", "fields=status_code", status("FINISHED"))
    assert isinstance(adapter.prepare(JOBS["reel"], journal), Prepared)
    assert len(created(http)) == 1


def test_a_container_ready_before_is_looked_at_again():
    """R-F7: what was prepared long ago may have died since."""
    http, journal = world(), DictJournal()
    adapter = instagram(http)
    run_prepare(adapter, JOBS["image"], journal)
    looks = len(http.to("status_code"))
    run_prepare(adapter, JOBS["image"], journal)
    assert len(http.to("status_code")) == looks + 1


# Containers that fail


def test_a_failed_video_is_tried_once_more():
    """Sheet case 7"""
    failed = status("ERROR", "Error: Media upload has failed with error code 2207082")
    http = looking(failed, status("FINISHED"))
    ready = prepared(JOBS["reel"], http)
    assert len(created(http)) == 2
    assert ready.data["container"] == f"{FIRST[:-1]}2"


def test_a_video_that_fails_twice_is_refused_in_words():
    """Sheet case 7, R-F4"""
    failed = status("ERROR", "Error: Media upload has failed with error code 2207082")
    http = looking(failed)
    with pytest.raises(Rejected, match="Export it again") as caught:
        prepared(JOBS["reel"], http)
    assert len(created(http)) == 2
    assert caught.value.code == "2207082"
    assert caught.value.field == "media"


def test_a_failure_without_a_number_is_tried_once_more():
    http = looking(status("ERROR", "Something new"), status("FINISHED"))
    prepared(JOBS["reel"], http)
    assert len(created(http)) == 2


def test_content_that_can_never_pass_is_refused_at_once():
    http = looking(status("ERROR", "Error code 2207026"))
    with pytest.raises(Rejected):
        prepared(JOBS["reel"], http)
    assert len(created(http)) == 1


def test_a_container_that_died_of_age_is_made_anew():
    http = looking(status("EXPIRED"), status("EXPIRED"), status("FINISHED"))
    prepared(JOBS["image"], http)
    assert len(created(http)) == 3


@pytest.mark.parametrize("subcode", [2207006, 2207008, 2207020])
def test_a_container_that_instagram_lost_is_made_anew(subcode):
    http = looking(refusal(24, subcode), status("FINISHED"))
    prepared(JOBS["image"], http)
    assert len(created(http)) == 2


def test_one_failed_item_costs_one_item():
    gone = iter([status("ERROR", "2207053")])

    def answer(sent: Sent):
        is_second = sent.url.endswith("2")
        return next(gone, status("FINISHED")) if is_second else status("FINISHED")

    http = looking(answer)
    prepared(JOBS["carousel"], http)
    assert len(created(http)) == 5


def test_a_failed_parent_is_made_of_new_items():
    def answer(sent: Sent):
        return status("EXPIRED" if sent.url.endswith("4") else "FINISHED")

    http = looking(answer)
    ready = prepared(JOBS["carousel"], http)
    assert len(created(http)) == 8
    assert ready.data["container"] == f"{FIRST[:-1]}8"


def test_a_parent_of_lost_items_is_made_of_new_items():
    def answer(sent: Sent):
        refused = sent.form.get("children", "").startswith(FIRST)
        return refusal(24, 2207006) if refused else made(sent)

    made = world_containers()
    http = world().on("POST", CREATE, answer)
    prepared(JOBS["carousel"], http)
    children = [form["children"] for form in created(http) if "children" in form]
    assert len(children) == 2
    assert not children[1].startswith(FIRST)


def world_containers():
    numbers = iter(range(1, 100))

    def answer(_: Sent):
        return reply({"id": f"179000000000000{next(numbers):02}"})

    return answer


@pytest.mark.parametrize("kind", ["image", "carousel"])
def test_a_container_published_already_is_never_published_again(kind):
    """R-F3"""
    http = looking(status("PUBLISHED"))
    sample = JOBS[kind]
    if kind == "carousel":
        http = looking(
            lambda s: status("PUBLISHED" if s.url.endswith("4") else "FINISHED")
        )
    ready = prepared(sample, http)
    assert ready.data["published"] is True
    out = post(caption=sample.draft.text, media_type="CAROUSEL_ALBUM")
    if kind == "image":
        out = post(caption=sample.draft.text)
    http.on("GET", CREATE, listing(out))
    answer = instagram(http).send(sample, ready)
    assert answer.id == out["id"]
    assert not http.to("media_publish")


# Refusals at creation


def test_an_address_that_cannot_be_read_is_tried_three_times():
    http, journal = world().on("POST", CREATE, refusal(9004, 2207052)), DictJournal()
    adapter = instagram(http)
    for _ in range(2):
        with pytest.raises(Unavailable):
            adapter.prepare(JOBS["image"], journal)
    with pytest.raises(Rejected, match="operator") as caught:
        adapter.prepare(JOBS["image"], journal)
    assert caught.value.field == "media"


@pytest.mark.parametrize(
    ("code", "subcode", "field"),
    [
        (36000, 2207004, "media"),
        (36001, 2207005, "media"),
        (36003, 2207009, "media"),
        (36004, 2207010, "text"),
        (100, 2207028, "media"),
        (100, 2207040, "text"),
    ],
)
def test_refused_content_names_its_field(code, subcode, field):
    """Sheet case 8, R-F4"""
    http = world().on("POST", CREATE, refusal(code, subcode))
    with pytest.raises(Rejected) as caught:
        prepared(JOBS["image"], http)
    assert (caught.value.field, caught.value.code) == (field, f"{code}/{subcode}")
    assert caught.value.request_id == "Atrace"
    assert len(http.to(CREATE)) == 1


def test_a_lost_creation_may_be_repeated():
    """Containers are seen by nobody."""
    http = world().on("POST", CREATE, reply(b"", 500))
    with pytest.raises(Unavailable):
        instagram(http).prepare(JOBS["image"], DictJournal())


# The quota


def used(count: int, total: int = 50):
    config = {"quota_total": total, "quota_duration": 86_400}
    return reply({"data": [{"quota_usage": count, "config": config}]})


def test_a_used_up_quota_stops_before_anything_is_made():
    """Sheet case 9, R-F5"""
    oldest = clock.now() - timedelta(hours=20)
    http = world().on("GET", "publishing_limit", used(50))
    http.on("GET", CREATE, listing(post(1), post(2, at=oldest)))
    with pytest.raises(RateLimited) as caught:
        instagram(http).prepare(JOBS["image"], DictJournal())
    wait = caught.value.until - clock.now()
    assert timedelta(hours=3, minutes=59) < wait < timedelta(hours=4, minutes=1)
    assert created(http) == []


def test_without_a_listing_an_hour_is_waited():
    http = world().on("GET", "publishing_limit", used(100, 100))
    http.on("GET", CREATE, listing())
    with pytest.raises(RateLimited) as caught:
        instagram(http).prepare(JOBS["image"], DictJournal())
    assert caught.value.until - clock.now() <= timedelta(hours=1)


@pytest.mark.parametrize("answer", [used(49), reply({"data": []})])
def test_a_quota_with_room_is_asked_for_once(answer):
    http = world().on("GET", "publishing_limit", answer)
    prepared(JOBS["image"], http)
    assert len(http.to("publishing_limit")) == 1


def test_the_missing_right_to_publish_is_named():
    """R-F1, R-C4"""
    http = world().on("GET", "publishing_limit", refusal(10))
    with pytest.raises(PermissionMissing) as caught:
        prepared(JOBS["image"], http)
    assert caught.value.names == ("instagram_business_content_publish",)


def test_a_dead_token_makes_no_container():
    """Sheet case 10, R-F1"""
    http = world().on("GET", "publishing_limit", refusal(190, 463))
    with pytest.raises(AuthExpired, match="expired"):
        prepared(JOBS["image"], http)
    assert created(http) == []


# Through Facebook


def test_the_pages_token_publishes_through_facebook():
    http = world()
    prepared(jobs(facebook=True)["image"], http)
    assert http.to(CREATE)[0].url.startswith("https://graph.facebook.com/v26.0/")
    assert http.to(CREATE)[0].headers["Authorization"] == f"Bearer {PAGE}"


def test_reads_that_the_page_may_not_see_are_asked_as_the_user():
    def answer(sent: Sent):
        seen = sent.headers["Authorization"] == f"Bearer {USER}"
        return status("FINISHED") if seen else refusal(100, 33)

    http = looking(answer)
    assert prepared(jobs(facebook=True)["image"], http).data["container"] == FIRST


def test_reads_that_nobody_may_see_need_a_new_sign_in():
    http = looking(refusal(100, 33))
    with pytest.raises(AuthExpired):
        prepared(jobs(facebook=True)["image"], http)
    assert len(http.to("status_code")) == 2


def hidden_reel(facebook: bool = True) -> Job:
    sample = jobs(facebook=facebook)["reel"]
    return replace(sample, draft=replace(sample.draft, media=(video(url=""),)))


def test_a_video_without_an_address_is_uploaded():
    http = world()
    prepared(hidden_reel(), http)
    (form,) = created(http)
    assert form["upload_type"] == "resumable"
    assert "video_url" not in form
    (sent,) = http.to("rupload")
    assert sent.parts["data"] == MP4
    assert dict(sent.headers) == {
        "Authorization": f"OAuth {PAGE}",
        "offset": "0",
        "file_size": str(len(MP4)),
    }


def test_an_upload_goes_on_where_it_broke_off():
    half = {"video_status": {"uploading_phase": {"bytes_transferred": 5}}}
    http = world().on("GET", "video_status", reply(half))
    http.on("POST", "rupload", reply(b"", 503), reply({"success": True}))
    adapter, journal = instagram(http), DictJournal()
    with pytest.raises(Unavailable):
        adapter.prepare(hidden_reel(), journal)
    run_prepare(adapter, hidden_reel(), journal)
    again = http.to("rupload")[1]
    assert (again.headers["offset"], again.parts["data"]) == ("5", MP4[5:])
    assert len(created(http)) == 1


def test_an_upload_that_can_never_pass_is_refused():
    info = {"debug_info": {"retriable": False, "type": "ProcessingFailedError"}}
    http = world().on("POST", "rupload", reply(info, 400))
    with pytest.raises(Rejected) as caught:
        prepared(hidden_reel(), http)
    assert caught.value.code == "ProcessingFailedError"


def test_an_upload_that_was_not_taken_is_tried_again():
    info = {"debug_info": {"retriable": True, "type": "Busy"}}
    http = world().on("POST", "rupload", reply(info))
    with pytest.raises(Unavailable):
        prepared(hidden_reel(), http)


def test_bytes_and_token_go_to_metas_host_only():
    """R-I5: the address comes from an answer."""
    elsewhere = {"id": FIRST, "uri": "https://rupload.facebook.com.evil.example/x"}
    http = world().on("POST", CREATE, reply(elsewhere))
    with pytest.raises(Unavailable):
        prepared(hidden_reel(), http)
    assert not http.to("evil")


def test_instagrams_own_login_uploads_nothing():
    with pytest.raises(Rejected, match="public address"):
        prepared(hidden_reel(facebook=False), world())
