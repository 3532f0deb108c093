"""Publishing at the sandbox's Bluesky: real HTTP, media, faults."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core import http
from platforms import clock
from platforms.bluesky.adapter import Bluesky
from platforms.errors import (
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import (
    Absent,
    Draft,
    Grant,
    Media,
    Prepared,
    Published,
    Waiting,
)
from tests.platforms import samples
from tests.platforms.bluesky.journeys import (
    APP_PASSWORD,
    HARBOR,
    MAYA,
    TEXT,
    by_app_password,
    find,
    job_of,
    journey,
    publish,
    ready,
)
from tests.platforms.bluesky.pictures import noise, plain
from tests.platforms.fakes import DictJournal
from tests.sandbox.conftest import MediaServer
from tests.support.sandbox import Sandbox

# Publishing


def test_text_and_pictures_reach_the_ledger(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    data = plain(64, 48)
    photos = [samples.photo(n, read=lambda: data, alt_text=f"No {n}") for n in (1, 2)]
    out = publish(adapter, job_of(maya, samples.draft("images", "Two #x", *photos)))
    (row,) = gateway.ledger("bluesky")
    assert (row["remote_id"], row["text"]) == (out.id, "Two #x")
    assert row["permalink"] == out.url and len(row["media"]) == 2


def test_the_newest_servers_take_two_megabytes_others_one(
    gateway: Sandbox, adapter: Bluesky
) -> None:
    data = noise(1_400, 1_200)
    assert 1_000_000 < len(data) < 2_000_000
    gateway.set(**{"bluesky.image_bytes": 1_000_000})
    draft = samples.draft("images", "", samples.photo(read=lambda: data))
    assert publish(adapter, job_of(by_app_password(adapter, HARBOR), draft)).id


@pytest.mark.parametrize("wrapped", [True, False])
def test_videos_go_through_the_service(
    gateway: Sandbox, adapter: Bluesky, maya: Grant, clip: Media, wrapped: bool
) -> None:
    gateway.set(processing_ms=50, **{"bluesky.video_wrapped": wrapped})
    job = job_of(maya, Draft("video", "Moving", (clip,)))
    journal = DictJournal()
    assert isinstance(adapter.prepare(job, journal), Waiting)
    assert adapter.send(job, ready(adapter, job, journal)).id
    (row,) = gateway.ledger("bluesky")
    assert row["media"][0]["mime"] == "video/mp4"
    assert len(gateway.calls("bluesky", "uploadVideo")) == 1


def test_a_video_uploaded_before_goes_on_where_it_was(
    adapter: Bluesky, maya: Grant, clip: Media
) -> None:
    """A crash between upload and journal: the same bytes again are refused."""
    job = job_of(maya, Draft("video", "Moving", (clip,)))
    ready(adapter, job)
    assert publish(adapter, job).id


def test_a_video_the_service_cant_read_is_rejected(
    gateway: Sandbox, adapter: Bluesky, maya: Grant, clip: Media
) -> None:
    gateway.set(**{"bluesky.video_failure": "encoding_failure"})
    with pytest.raises(Rejected, match="Export it again"):
        ready(adapter, job_of(maya, Draft("video", "", (clip,))))


def test_an_unconfirmed_address_is_told_before_the_upload(
    gateway: Sandbox, adapter: Bluesky, clip: Media
) -> None:
    gateway.identity(
        "bluesky",
        handle="new.bsky.social",
        extra={"email_confirmed": False, "app_passwords": [APP_PASSWORD]},
    )
    job = job_of(
        by_app_password(adapter, "new.bsky.social"), Draft("video", "", (clip,))
    )
    with pytest.raises(Rejected, match="confirm"):
        ready(adapter, job)
    assert gateway.calls("bluesky", "uploadVideo") == []


def test_a_link_card_is_read_over_the_network(
    gateway: Sandbox, adapter: Bluesky, maya: Grant, web: MediaServer, files: Path
) -> None:
    """Acceptance case 10: redirects, a large page of which the start is read, a thumb."""
    page = b"<title>A title</title><meta property='og:image' content='/photo.jpg'>"
    (files / "page.html").write_bytes(page + b"<p>words</p>" * 100_000)
    http.configure(gateway=gateway.url, direct=frozenset({urlsplit(web.url).netloc}))
    options = {"link": web("moved/2/page.html")}
    job = job_of(maya, Draft("text", "Read this", (), options))
    record = ready(adapter, job).data["record"]
    external = record["embed"]["external"]
    assert external["title"] == "A title"
    assert 0 < external["thumb"]["size"] <= 1_000_000
    assert publish(adapter, job).id


def test_private_pages_give_no_card(
    adapter: Bluesky, maya: Grant, web: MediaServer
) -> None:
    """R-I5, acceptance case 13: without a gateway the guard meets the address."""
    http.configure()
    options = {"link": web("page.html")}
    job = job_of(maya, Draft("text", "Read this", (), options))
    card = adapter.prepare(job, DictJournal())
    assert isinstance(card, Prepared)
    external = card.data["record"]["embed"]["external"]
    assert (external["title"], "thumb" in external) == ("127.0.0.1", False)


# Trouble


@pytest.mark.parametrize("fault", ["cut_after", "hang", "empty", "malformed"])
def test_an_accepted_post_without_an_answer_is_found(
    gateway: Sandbox, adapter: Bluesky, fault: str
) -> None:
    """R-F3, acceptance case 3"""
    job = job_of(by_app_password(adapter), TEXT)
    prepared = ready(adapter, job)
    assert find(adapter, job, prepared) == Absent(certain=True)
    gateway.fault(fault, platform="bluesky", step="putRecord")
    with pytest.raises(OutcomeUnknown):
        adapter.send(job, prepared)
    found = find(adapter, job, prepared)
    assert isinstance(found, Published)
    assert adapter.send(job, prepared) == found
    assert len(gateway.ledger("bluesky")) == 1


def test_a_post_cut_before_it_arrived_is_absent_for_certain(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    job = job_of(maya, TEXT)
    prepared = ready(adapter, job)
    gateway.fault("cut_before", platform="bluesky", step="putRecord")
    with pytest.raises(OutcomeUnknown):
        adapter.send(job, prepared)
    assert find(adapter, job, prepared) == Absent(certain=True)
    assert adapter.send(job, prepared).id


def test_points_run_out_and_the_reset_is_obeyed(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """R-F5"""
    gateway.set_quota("bluesky", MAYA, used=5_000)
    with pytest.raises(RateLimited) as raised:
        publish(adapter, job_of(maya, TEXT))
    assert raised.value.scope == "profile"
    assert 0 < -clock.since(raised.value.until) <= 3_601


def test_an_outage_while_preparing_is_waited_out(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    gateway.fault("error", platform="bluesky", step="uploadBlob", status=503)
    data = plain(20, 20)
    draft = samples.draft("images", "", samples.photo(read=lambda: data))
    job, journal = job_of(maya, draft), DictJournal()
    with pytest.raises(Unavailable):
        adapter.prepare(job, journal)
    assert adapter.send(job, ready(adapter, job, journal)).id


def test_blobs_that_were_collected_are_uploaded_again(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """Section 4.2: unreferenced blobs live about an hour."""
    data = plain(20, 20)
    draft = samples.draft("images", "", samples.photo(read=lambda: data))
    job = job_of(by_app_password(adapter), draft)
    prepared = ready(adapter, job)
    gateway.set(**{"bluesky.blob_life_s": 0})
    gateway.advance(5)
    gateway.set(**{"bluesky.blob_life_s": 3_600})
    assert adapter.send(job, prepared).id


def test_missing_rights_are_named(adapter: Bluesky) -> None:
    """R-C4"""
    grant = journey(adapter, MAYA, scope=["atproto"])
    with pytest.raises(PermissionMissing) as raised:
        publish(adapter, job_of(grant, TEXT))
    assert raised.value.names == ("transition:generic",)
