"""Publishing in the sandbox over real HTTP, media and all."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import (
    Prepared,
    Waiting,
)
from tests.platforms.fakes import DictJournal
from tests.platforms.instagram.lena import (
    LENA,
    LOGINS,
    PAUSE_S,
    prepare,
    ready,
)
from tests.support.files import photo as encode


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("image", ["photo.jpg"]),
        ("reel", ["clip.mp4"]),
        ("carousel", ["photo.jpg", "clip.mp4", "square.jpg"]),
        ("story", ["photo.jpg"]),
        ("story", ["clip.mp4"]),
    ],
)
def test_every_kind_goes_out_once(adapter, gateway, job, login, kind, names):
    """R-F3, R-F4, sheet cases 1 and 3"""
    sample = job(kind, "Hello #sun", *names, login=login)
    answer = adapter.send(sample, ready(adapter, sample))
    (out,) = gateway.ledger("instagram")
    assert (out["remote_id"], out["profile"]) == (answer.id, LENA)
    assert len(out["media"]) == len(names)
    assert out["text"] == ("" if kind == "story" else "Hello #sun")
    assert adapter.permalink(sample, answer.id) == out["permalink"]


def test_alt_text_arrives(adapter, gateway, job):
    sample = job()
    described = replace(sample.draft.media[0], alt_text="Two cups on a table")
    sample = replace(sample, draft=replace(sample.draft, media=(described,)))
    adapter.send(sample, ready(adapter, sample))
    assert "Two cups on a table" in str(gateway.ledger("instagram"))


def test_slow_processing_is_waited_for(adapter, gateway, job):
    gateway.set(processing_ms=20_000)
    sample, journal = job("reel"), DictJournal()
    while isinstance(answer := adapter.prepare(sample, journal), Waiting):
        assert gateway.ledger("instagram") == []
        gateway.advance(60)
        threading.Event().wait(PAUSE_S)
    assert journal.steps["wait"]["looks"] > 1
    adapter.send(sample, answer)
    assert len(gateway.ledger("instagram")) == 1


def test_publishing_too_early_is_no_publication(adapter, gateway, job):
    """Sheet case 2"""
    gateway.set(processing_ms=60_000)
    sample, journal = job(), DictJournal()
    adapter.prepare(sample, journal)
    early = Prepared({"container": journal.steps["container"]["id"]})
    with pytest.raises(Unavailable):
        adapter.send(sample, early)
    assert gateway.ledger("instagram") == []
    gateway.advance(3_600)
    adapter.send(sample, prepare(adapter, sample, journal))
    assert len(gateway.ledger("instagram")) == 1


def test_a_video_is_uploaded_through_facebook(adapter, gateway, job):
    sample = job("reel", login="facebook_login")
    hidden = replace(sample.draft.media[0], url="")
    sample = replace(sample, draft=replace(sample.draft, media=(hidden,)))
    adapter.send(sample, ready(adapter, sample))
    (out,) = gateway.ledger("instagram")
    assert out["media"][0]["size"] == hidden.size


def test_a_page_token_that_may_not_read_is_helped_out(adapter, gateway, job):
    sample = job(login="facebook_login")
    gateway.set(**{"instagram.page_token_reads": False})
    answer = adapter.send(sample, ready(adapter, sample))
    assert adapter.permalink(sample, answer.id)


def test_a_wrong_media_address_is_told_after_three_tries(adapter, job, web):
    sample = job()
    lost = replace(sample.draft.media[0], url=web("missing.jpg"))
    sample = replace(sample, draft=replace(sample.draft, media=(lost,)))
    journal = DictJournal()
    for _ in range(2):
        with pytest.raises(Unavailable):
            adapter.prepare(sample, journal)
    with pytest.raises(Rejected, match="public address"):
        adapter.prepare(sample, journal)


def test_a_png_is_refused_by_instagram(adapter, job, web, files):
    """Sheet case 8"""
    encode(files / "photo.png")
    sample = job()
    png = replace(sample.draft.media[0], url=web("photo.png"))
    sample = replace(sample, draft=replace(sample.draft, media=(png,)))
    with pytest.raises(Rejected, match="JPEG") as caught:
        ready(adapter, sample)
    assert caught.value.code == "36001/2207005"


def test_a_used_up_quota_makes_nothing(adapter, gateway, job):
    """Sheet case 9, R-F5"""
    gateway.set_quota("instagram", LENA, used=50, total=50)
    with pytest.raises(RateLimited):
        ready(adapter, job())
    assert not gateway.calls("instagram", "create_container")


@pytest.mark.parametrize("login", LOGINS)
def test_a_withdrawn_right_is_noticed_before_anything_is_made(
    adapter, gateway, job, login
):
    """R-F1, R-D8"""
    sample = job(login=login)
    names = [p.name for p in adapter.permissions(login) if p.feature == "publish"]
    gateway.remove_permissions("instagram", LENA, *names)
    with pytest.raises(PermissionMissing) as caught:
        ready(adapter, sample)
    assert list(caught.value.names) == names
    assert not gateway.calls("instagram", "create_container")


@pytest.mark.parametrize("login", LOGINS)
def test_an_expired_token_is_noticed(adapter, gateway, job, login):
    """Sheet case 10"""
    sample = job(login=login)
    gateway.expire("instagram", LENA)
    with pytest.raises(AuthExpired):
        ready(adapter, sample)
