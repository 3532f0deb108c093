"""Posts on a real Bluesky server, read back from it and compared."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from core.http import AnswerLost, Http, Reply
from platforms import clock
from platforms.bluesky import tid
from platforms.bluesky.adapter import Bluesky
from platforms.errors import AuthExpired, OutcomeUnknown, Rejected
from platforms.types import Absent, Draft, Prepared, Published
from tests.platforms.bluesky.conftest import Connected
from tests.platforms.bluesky.pictures import noise, plain, size_of
from tests.platforms.fakes import DictJournal
from tests.platforms.samples import draft, photo
from tests.support.pds import Json, Pds
from tests.support.plugin_pds import PDS_MARKS

pytestmark = PDS_MARKS

FAMILY = "👨‍👩‍👧‍👦"


class Forgetful(Http):
    """The real network, but the answer to one address is lost on its way back."""

    def __init__(self, loses: str) -> None:
        self.loses = loses

    def request(self, method: str, url: str, **parts: Any) -> Reply:
        reply = super().request(method, url, **parts)
        if self.loses in url:
            raise AnswerLost("ReadTimeout")
        return reply


def covered(record: Json) -> list[tuple[str, Any]]:
    """What each stored facet covers, and what it leads to."""
    raw = record["text"].encode()
    found = []
    for facet in record["facets"]:
        index, (feature,) = facet["index"], facet["features"]
        text = raw[index["byteStart"] : index["byteEnd"]].decode()
        found.append((text, feature.get("uri") or feature.get("did") or feature["tag"]))
    return found


def find(person: Connected, job: Any, ready: Prepared) -> Published | Absent:
    return person.adapter.find(job, ready, clock.now() - timedelta(minutes=5))


def test_text_with_everything_and_two_pictures(pds: Pds, ada: Connected) -> None:
    """R-E2, R-F4: link, mention, emoji and alt texts arrive as they were meant."""
    friend = pds.account("friend")
    link = "https://www.example.org/a/long/path/to/an/article-of-2026?from=feed"
    one, two = plain(64, 48), plain(48, 64, "JPEG")
    photos = (
        photo(1, alt_text="A grey field", width=64, height=48, read=lambda: one),
        photo(2, alt_text="Ein Bild 🎈", width=48, height=64, read=lambda: two),
    )
    text = f"{FAMILY} Hi @{friend.handle}: {link} #fête"
    out = ada.publish(Draft("images", text, photos, {"langs": ["en"]}))

    stored = pds.post(out.id)
    shown = "www.example.org/a/long/path/to/an/artic…"
    assert stored["text"] == f"{FAMILY} Hi @{friend.handle}: {shown} #fête"
    assert covered(stored) == [
        (f"@{friend.handle}", friend.did),
        (shown, link),
        ("#fête", "fête"),
    ]
    assert stored["langs"] == ["en"]
    images = stored["embed"]["images"]
    assert [i["alt"] for i in images] == ["A grey field", "Ein Bild 🎈"]
    assert images[0]["aspectRatio"] == {"width": 64, "height": 48}
    # The first was named a JPEG: the server looks for itself.
    assert [i["image"]["mimeType"] for i in images] == ["image/png", "image/jpeg"]
    assert [pds.blob(ada.account, i["image"]) for i in images] == [one, two]
    assert out.url == f"https://bsky.app/profile/{ada.account.did}/post/{out.id[-13:]}"


@pytest.mark.browser
def test_oauth_publishes_pictures_too(pds: Pds, bob: Connected) -> None:
    data = plain(10, 10)
    out = bob.publish(draft("images", "By OAuth", photo(read=lambda: data)))
    (post,) = pds.posts(bob.account)
    assert (post["uri"], post["value"]["text"]) == (out.id, "By OAuth")


def test_a_large_photo_is_shrunk_to_what_this_server_takes(
    pds: Pds, ada: Connected
) -> None:
    """This version refuses pictures above 1,000,000 bytes; newer ones take 2,000,000."""
    data = noise(1_300, 1_000)
    assert 1_000_000 < len(data) < 2_000_000
    out = ada.publish(draft("images", "", photo(read=lambda: data)))
    (image,) = pds.post(out.id)["embed"]["images"]
    stored = pds.blob(ada.account, image["image"])
    assert len(stored) <= 1_000_000 and size_of(stored) == (1_300, 1_000)


def test_a_video_goes_up_plainly_where_the_service_cant_reach(
    pds: Pds, ada: Connected, mp4: Any
) -> None:
    out = ada.publish(Draft("video", "Moving", (mp4,)))
    embed = pds.post(out.id)["embed"]
    assert embed["video"]["mimeType"] == "video/mp4"
    assert pds.blob(ada.account, embed["video"]) == mp4.bytes()


def test_a_lost_answer_is_found_and_nothing_goes_out_twice(
    pds: Pds, ada: Connected
) -> None:
    """R-F3, acceptance case 3: hung after commit, found, one record, the same URI."""
    job, ready = ada.prepared(draft("text", "Once"))
    forgetful = Bluesky(ada.adapter.credentials, Forgetful("putRecord"))
    assert find(ada, job, ready) == Absent(certain=True)
    with pytest.raises(OutcomeUnknown):
        forgetful.send(job, ready)
    found = find(ada, job, ready)
    assert isinstance(found, Published)
    assert ada.adapter.send(job, ready) == found
    assert [post["uri"] for post in pds.posts(ada.account)] == [found.id]


def test_two_workers_at_once_publish_one_post(pds: Pds, ada: Connected) -> None:
    """R-F3: the key decides, whatever else went wrong."""
    job, ready = ada.prepared(draft("text", "Once"))
    outcomes: list[object] = []

    def work() -> None:
        try:
            outcomes.append(ada.adapter.send(job, ready))
        except OutcomeUnknown as unknown:
            outcomes.append(unknown)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(outcomes) == 4
    assert len(pds.posts(ada.account)) == 1
    assert isinstance(find(ada, job, ready), Published)


def test_the_same_key_with_other_words_overwrites_nothing(
    pds: Pds, ada: Connected
) -> None:
    job, ready = ada.prepared(draft("text", "First"))
    out = ada.adapter.send(job, ready)
    other = Prepared({**ready.data, "record": {**ready.data["record"], "text": "No"}})
    with pytest.raises(OutcomeUnknown):
        ada.adapter.send(job, other)
    assert pds.post(out.id)["text"] == "First"


def test_a_used_key_on_the_narrow_way_is_looked_up(pds: Pds, ada: Connected) -> None:
    """createRecord answers a bare 500 then: no outage, no second post."""
    job, ready = ada.prepared(draft("text", "Once"))
    out = ada.adapter.send(job, ready)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platforms.bluesky.sessions.may_overwrite", lambda token: False)
        with pytest.raises(OutcomeUnknown) as raised:
            ada.adapter.send(job, ready)
    assert raised.value.status == 500
    assert find(ada, job, ready) == out
    assert len(pds.posts(ada.account)) == 1


def test_files_the_server_forgot_are_uploaded_again(pds: Pds, ada: Connected) -> None:
    """A blob of nobody stands for one that was collected."""
    data = plain(31, 17)
    lost = {
        "$type": "blob",
        "ref": {"$link": "bafkreigblzn5duitiw44y6kq7a3rzvnhn2ok3ad5psy5rhd5afj6eye344"},
        "mimeType": "image/jpeg",
        "size": 100,
    }
    journal = DictJournal()
    journal.put("picture:0", {"blob": lost, "at": clock.now().timestamp()})
    job = ada.job(draft("images", "Again", photo(read=lambda: data)))
    ready = ada.adapter.prepare(job, journal)
    assert isinstance(ready, Prepared)
    out = ada.adapter.send(job, ready)
    (image,) = pds.post(out.id)["embed"]["images"]
    assert pds.blob(ada.account, image["image"]) == data


@pytest.mark.parametrize("text", [FAMILY * 300, "x" * 301])
def test_what_the_composer_refuses_the_server_refuses_too(
    ada: Connected, text: str
) -> None:
    """Acceptance case 2, and our limits are the server's."""
    what = draft("text", text)
    assert ada.adapter.problems(what, ada.profile)
    with pytest.raises(Rejected) as raised:
        ada.publish(what)
    assert raised.value.code == "InvalidRequest"
    assert "too big" in raised.value.details


def test_what_the_composer_takes_the_server_takes_too(ada: Connected) -> None:
    what = Draft("text", "é" * 300, (), {"labels": ["nudity"], "langs": ["pt-BR"]})
    assert ada.adapter.problems(what, ada.profile) == ()
    assert ada.publish(what).id


def test_our_keys_are_the_servers_keys(pds: Pds, ada: Connected) -> None:
    """Bad record keys are refused with 400; newer ones sort after older ones."""
    first, second = (ada.publish(draft("text", word)).id for word in ("one", "two"))
    assert [post["uri"] for post in pds.posts(ada.account)] == [second, first]
    assert first < second and len(tid.new()) == 13


def test_a_switched_off_account_is_told(pds: Pds, ada: Connected) -> None:
    pds.deactivate(ada.account)
    with pytest.raises((AuthExpired, Rejected)):
        ada.publish(draft("text", "Hello"))
