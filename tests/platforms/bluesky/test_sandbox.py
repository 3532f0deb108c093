"""The adapter against the sandbox's own Bluesky: real HTTP, gateway, faults, video."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from core import http
from platforms import clock
from platforms.adapter import Credentials
from platforms.bluesky import clients, oauth
from platforms.bluesky.adapter import Bluesky
from platforms.bluesky.clients import Client, Keys
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import (
    Absent,
    Draft,
    Grant,
    Job,
    Media,
    Prepared,
    Profile,
    Published,
    Redirect,
    Token,
    Visit,
    Waiting,
)
from tests.platforms import samples
from tests.platforms.bluesky import world
from tests.platforms.bluesky.pictures import noise, plain
from tests.platforms.fakes import DictJournal
from tests.sandbox.browserless import ConsentPage
from tests.sandbox.conftest import MediaServer
from tests.support.sandbox import Sandbox

BASE = "http://127.0.0.1:8000"
BACK = f"{BASE}/connect/bluesky/callback"
MAYA, NOAH, HARBOR = "maya.bsky.social", "noahokafor.example", "news.harbor.example"
APP_PASSWORD = "demo-demo-demo-demo"
TEXT = samples.draft("text", "Hello")


@pytest.fixture
def adapter(gateway: Sandbox) -> Bluesky:
    return Bluesky(Credentials({}))


def journey(adapter: Bluesky, typed: str, **choices: Any) -> Grant:
    """There and back; the person is the first one offered if nobody is chosen."""
    visit = Visit("oauth", BACK, "state-1", BASE, {"account": typed})
    answer = adapter.begin(visit)
    assert isinstance(answer, Redirect)
    page = page_of(answer.url)
    decision = choices.pop("decision", "allow")
    choices.setdefault("identity", page.values("identity")[0])
    query = page.decide(decision, **choices)
    assert query["state"] == "state-1" and query["address"] == BACK
    return adapter.finish(visit, answer.secret, query)


def page_of(url: str) -> ConsentPage:
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return ConsentPage(address, dict(parse_qsl(parts.query)))


def by_app_password(adapter: Bluesky, handle: str = MAYA) -> Grant:
    inputs = {"handle": handle, "app_password": APP_PASSWORD}
    found = adapter.begin(Visit("app_password", "", "", BASE, inputs))
    assert isinstance(found, Grant)
    return found


def job_of(grant: Grant, draft: Draft, token: Token | None = None) -> Job:
    (identity,) = grant.identities
    profile = Profile(identity.external_id, identity.handle)
    return Job(draft, profile, token or grant.token, "target-1")


def ready(adapter: Bluesky, job: Job, journal: DictJournal | None = None) -> Prepared:
    """Prepared, with a little patience for the video service."""
    journal = journal or DictJournal()
    for _ in range(100):
        found = adapter.prepare(job, journal)
        if isinstance(found, Prepared):
            return found
        assert isinstance(found, Waiting)
        time.sleep(0.05)
    raise AssertionError("prepare never ended")


def publish(adapter: Bluesky, job: Job) -> Published:
    return adapter.send(job, ready(adapter, job))


def find(adapter: Bluesky, job: Job, prepared: Prepared) -> Published | Absent:
    return adapter.find(job, prepared, clock.now() - timedelta(minutes=5))


@pytest.fixture
def maya(adapter: Bluesky) -> Grant:
    return journey(adapter, MAYA)


@pytest.fixture
def clip(files: Path) -> Media:
    data = (files / "clip.mp4").read_bytes()
    return samples.video(
        read=lambda: data, size=len(data), width=720, height=1280, alt_text="A clip"
    )


# Connecting


@pytest.mark.parametrize("handle", [MAYA, NOAH, HARBOR])
def test_people_of_every_server_connect(adapter: Bluesky, handle: str) -> None:
    """R-C2: Bluesky's own servers sign in at bsky.social, others themselves."""
    grant = journey(adapter, handle)
    (identity,) = grant.identities
    assert identity.handle == handle and identity.name and identity.picture_url
    assert grant.granted == ("atproto", "transition:generic")


def test_without_a_handle_the_person_chooses_at_the_server(adapter: Bluesky) -> None:
    assert journey(adapter, "").identities[0].handle in (MAYA, NOAH)


def test_saying_no_is_told(adapter: Bluesky) -> None:
    with pytest.raises(Rejected, match="didn't allow"):
        journey(adapter, MAYA, decision="deny")


def test_another_person_than_the_named_one_is_refused(
    gateway: Sandbox, adapter: Bluesky
) -> None:
    """R-C10"""
    noah = next(i for i in gateway.identities("bluesky") if i["handle"] == NOAH)
    with pytest.raises(Rejected, match=f"signed in as @{NOAH}"):
        journey(adapter, MAYA, identity=noah["id"])


def test_a_declined_permission_is_seen(adapter: Bluesky) -> None:
    """R-C4"""
    assert journey(adapter, MAYA, scope=["atproto"]).granted == ("atproto",)


def test_hostile_servers_are_refused(gateway: Sandbox, adapter: Bluesky) -> None:
    """Acceptance case 8: neither the server's name nor the account's is believed."""
    gateway.set(**{"bluesky.wrong_iss": "https://evil.example"})
    with pytest.raises(Rejected) as raised:
        journey(adapter, MAYA)
    assert raised.value.code == "issuer_mismatch"
    harbor = next(i for i in gateway.identities("bluesky") if i["handle"] == HARBOR)
    gateway.set(**{"bluesky.wrong_iss": "", "bluesky.wrong_sub": harbor["id"]})
    with pytest.raises(Rejected) as raised:
        journey(adapter, MAYA)
    assert raised.value.code == "issuer_mismatch"


def test_an_installation_with_a_key_proves_who_it_is(
    gateway: Sandbox, adapter: Bluesky, web: MediaServer, files: Path
) -> None:
    """The sandbox fetches our documents and checks our signature by them."""
    keys = Keys(world.CLIENT_KEY)
    for path, document in clients.documents("https://x", BACK, keys).items():
        target = files / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document).replace("https://x", web.url))
    client = Client(web.url + clients.METADATA_PATH, keys.all[0].kid)
    server = oauth.metadata(adapter.wire, world.ISSUER)
    ask = {"redirect_uri": BACK, "state": "s", "login_hint": MAYA}
    url, secret = oauth.begin(adapter.wire, server, client, keys, ask)
    page = page_of(http.browser_url(url))
    code = page.decide("allow", identity=page.values("identity")[0])["code"]
    answer = oauth.exchange(adapter.wire, secret, keys, code, BACK)
    session = oauth.Session.begun(secret, world.PDS)
    token = oauth.token_from(answer, session)
    assert oauth.refresh(adapter.wire, token, keys, answer["sub"]).access
    assert session.kid


def test_an_app_password_connects_and_a_wrong_one_doesnt(adapter: Bluesky) -> None:
    assert by_app_password(adapter).identities[0].handle == MAYA
    inputs = {"handle": MAYA, "app_password": "aaaa-bbbb-cccc-dddd"}
    with pytest.raises(Rejected) as raised:
        adapter.begin(Visit("app_password", "", "", BASE, inputs))
    assert raised.value.field == "app_password"


# Tokens


def test_an_expired_access_token_is_renewed_and_the_post_goes_out(
    gateway: Sandbox, adapter: Bluesky
) -> None:
    """Acceptance case 4: 400 ExpiredToken, one refresh, the person sees nothing."""
    grant = by_app_password(adapter)
    gateway.expire("bluesky", MAYA)
    job = job_of(grant, TEXT)
    with pytest.raises(AuthExpired) as raised:
        publish(adapter, job)
    assert raised.value.status == 400
    new = adapter.refresh(grant.token, job.profile)
    assert publish(adapter, replace(job, token=new)).id


def test_a_lost_refresh_answer_is_told_once_as_the_end(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """Acceptance case 6"""
    profile = job_of(maya, TEXT).profile
    gateway.fault("cut_after", platform="bluesky", step="refreshToken")
    with pytest.raises(OutcomeUnknown):
        adapter.refresh(maya.token, profile)
    with pytest.raises(AuthExpired):
        adapter.refresh(maya.token, profile)


def test_a_refresh_that_never_arrived_is_repeated_safely(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """R-D3: a cut connection before the server read it costs nothing."""
    profile = job_of(maya, TEXT).profile
    gateway.fault("cut_before", platform="bluesky", step="refreshToken")
    with pytest.raises(PlatformError):
        adapter.refresh(maya.token, profile)
    assert adapter.refresh(maya.token, profile).access


def test_access_withdrawn_at_the_platform_is_noticed(
    gateway: Sandbox, adapter: Bluesky, maya: Grant
) -> None:
    """R-D8"""
    gateway.revoke("bluesky", MAYA)
    with pytest.raises(AuthExpired):
        publish(adapter, job_of(maya, TEXT))


def test_disconnecting_revokes(adapter: Bluesky, maya: Grant) -> None:
    profile = job_of(maya, TEXT).profile
    adapter.revoke(maya.token, profile)
    with pytest.raises(AuthExpired):
        adapter.refresh(maya.token, profile)


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


@pytest.mark.parametrize("typed", ["https://127.0.0.1", "https://169.254.169.254"])
def test_private_servers_are_refused(typed: str) -> None:
    """Acceptance case 13"""
    http.configure()
    with pytest.raises(Rejected, match="not allowed"):
        Bluesky(Credentials({})).begin(
            Visit("oauth", BACK, "state-1", BASE, {"account": typed})
        )


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
