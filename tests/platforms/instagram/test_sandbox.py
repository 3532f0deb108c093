"""The adapter against the sandbox over real HTTP, media and all."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from platforms import clock
from platforms.adapter import Credentials
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from platforms.instagram import containers
from platforms.instagram.adapter import Instagram
from platforms.types import (
    Absent,
    Draft,
    Grant,
    Identity,
    Job,
    Media,
    Pending,
    Prepared,
    Profile,
    Published,
    Token,
    Waiting,
)
from tests.platforms import samples
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal
from tests.platforms.instagram.world import CREDENTIALS, PUBLISH, visit
from tests.platforms.signin import consent, signed_in
from tests.support.files import photo as encode

LENA, JUNO = "17841400000000001", "17841400000000006"
LENA_PERSON = "100200000000001"
PAUSE_S = 0.1
LOGINS = ["instagram_login", "facebook_login"]


@pytest.fixture
def adapter(gateway, monkeypatch) -> Instagram:
    """Looks a second's tenth apart, so more of them until our patience ends."""
    monkeypatch.setattr(containers, "PATIENCE_LOOKS", 300)
    return Instagram(Credentials(CREDENTIALS))


@pytest.fixture
def media(web, files):
    """Real files, as the sandbox will fetch them."""

    def made(name: str) -> Media:
        path = files / name
        known = {"url": web(name), "size": path.stat().st_size, "read": path.read_bytes}
        if name.endswith(".mp4"):
            return samples.video(width=720, height=1280, duration_s=4, **known)
        return samples.photo(width=1080, height=1350, **known)

    return made


@pytest.fixture
def job(adapter, media):
    """A job of a freshly signed-in Lena."""

    def made(kind: str = "image", text: str = "Hello", *names: str, login=LOGINS[0]):
        chosen = names or ("clip.mp4" if kind == "reel" else "photo.jpg",)
        draft = Draft(kind, text, tuple(media(name) for name in chosen))
        return of(lena(adapter, login), draft)

    return made


def lena(adapter: Instagram, login: str) -> Identity:
    grant = grant_of(adapter, login)
    return next(i for i in grant.identities if i.external_id == LENA)


def grant_of(adapter: Instagram, login: str, **choices) -> Grant:
    who = LENA if login == "instagram_login" else LENA_PERSON
    return signed_in(adapter, visit(login), who, **choices)


def of(identity: Identity, draft: Draft) -> Job:
    assert identity.token is not None
    profile = Profile(
        identity.external_id, identity.handle, identity.kind, identity.data
    )
    return Job(draft, profile, identity.token, "key-1")


def prepare(adapter: Instagram, sample: Job, journal: DictJournal) -> Prepared:
    return run_prepare(adapter, sample, journal, pause_s=PAUSE_S)


def ready(adapter: Instagram, sample: Job) -> Prepared:
    return prepare(adapter, sample, DictJournal())


def left(token: Token | None) -> timedelta:
    """How long a token lives on."""
    assert token is not None
    assert token.expires_at is not None
    return token.expires_at - clock.now()


# Connecting


def test_instagrams_login_brings_the_account(adapter):
    identity = lena(adapter, "instagram_login")
    assert (identity.handle, identity.kind) == ("lena.studio", "business")
    assert left(identity.token) > timedelta(days=59)


def test_facebooks_login_brings_every_page(adapter):
    """R-C5, R-C6"""
    found = {i.name: i for i in grant_of(adapter, "facebook_login").identities}
    assert found["Lena Studio"].external_id == LENA
    assert found["Lena Studio"].refused == ""
    assert "Link one" in found["Lena's Old Page"].refused
    assert "Ask an admin" in found["Harbor Coffee"].refused
    assert left(found["Lena Studio"].token) > timedelta(days=80)


@pytest.mark.parametrize("login", LOGINS)
def test_everything_ticked_grants_everything_asked(adapter, login):
    asked = {p.name for p in adapter.permissions(login)}
    assert asked <= set(grant_of(adapter, login).granted)


@pytest.mark.parametrize("login", LOGINS)
def test_an_unticked_permission_is_missing(adapter, login):
    """R-C4, sheet case 11"""
    asked = [p.name for p in adapter.permissions(login)]
    ticked = [name for name in asked if "publish" not in name]
    granted = grant_of(adapter, login, scope=ticked).granted
    assert {n for n in asked if n not in granted} == set(asked) - set(ticked)


def test_an_account_left_out_can_not_be_chosen(adapter):
    """R-C4: single assets can be unticked in Facebook's window."""
    page = consent(adapter, visit("facebook_login"))
    query = page.decide("allow", identity=LENA_PERSON, asset=[])
    try:
        grant = adapter.finish(visit("facebook_login"), {}, query)
    except Rejected as error:
        assert error.code == "no_pages"
    else:
        assert all(identity.refused for identity in grant.identities)


def test_a_personal_account_is_refused(adapter):
    """R-C7"""
    (identity,) = signed_in(adapter, visit("instagram_login"), JUNO).identities
    assert "Switch to professional" in identity.refused


@pytest.mark.parametrize("login", LOGINS)
def test_cancelling_is_told_in_words(adapter, login):
    query = consent(adapter, visit(login)).decide("cancel")
    with pytest.raises(Rejected, match="didn't allow"):
        adapter.finish(visit(login), {}, query)


@pytest.mark.parametrize("login", LOGINS)
def test_a_code_works_once(adapter, login):
    who = LENA if login == "instagram_login" else LENA_PERSON
    query = consent(adapter, visit(login)).decide("allow", identity=who)
    adapter.finish(visit(login), {}, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(visit(login), {}, query)


@pytest.mark.parametrize("shape", ["data", "flat"])
def test_both_shapes_of_the_exchange_are_read(adapter, gateway, shape):
    gateway.set(**{"instagram.token_shape": shape})
    assert PUBLISH in grant_of(adapter, "instagram_login").granted


def test_a_token_is_renewed(adapter, gateway):
    """R-D3"""
    minted = gateway.token("instagram", LENA, age_s=40 * 86_400)
    issued = (clock.now() - timedelta(days=40)).isoformat()
    old = Token(
        minted["access_token"],
        expires_at=clock.now() + timedelta(days=20),
        extra={"login": "instagram_login", "issued_at": issued},
    )
    fresh = adapter.refresh(old, Profile(LENA))
    assert fresh.access != old.access
    assert left(fresh) > timedelta(days=59)


def test_a_token_of_the_first_day_is_left_alone(adapter):
    identity = lena(adapter, "instagram_login")
    assert adapter.refresh(identity.token, Profile(LENA)) is identity.token


def test_revoking_ends_facebooks_tokens(adapter, job):
    """R-D8"""
    sample = job(login="facebook_login")
    adapter.revoke(sample.token, sample.profile)
    with pytest.raises(AuthExpired):
        ready(adapter, sample)
    with pytest.raises(Unsupported):
        adapter.revoke(job().token, job().profile)


# Publishing


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


# Trouble at the one call that people see (R-F3)


@pytest.mark.parametrize("kind", ["cut_after", "malformed", "empty"])
@pytest.mark.parametrize("post", ["image", "story"])
def test_a_lost_answer_is_found(adapter, gateway, job, kind, post):
    """Sheet case 4"""
    sample = job(post)
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault(kind, platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    found = adapter.find(sample, prepared, since)
    (out,) = gateway.ledger("instagram")
    assert found == Published(out["remote_id"], out["permalink"])


def test_suspected_spam_after_publishing_is_found(adapter, gateway, job):
    """Sheet case 5"""
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault(
        "error",
        platform="instagram",
        step="publish",
        status=400,
        accepted=True,
        detail={"code": 4, "subcode": 2207051},
    )
    with pytest.raises(OutcomeUnknown) as caught:
        adapter.send(sample, prepared)
    assert caught.value.until is not None
    assert isinstance(adapter.find(sample, prepared, since), Published)
    assert len(gateway.ledger("instagram")) == 1


def test_a_call_that_died_before_is_sent_again_once_that_is_sure(adapter, gateway, job):
    """Sheet case 6"""
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_before", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    early = adapter.find(sample, prepared, since)
    assert isinstance(early, Absent)
    assert not early.certain
    late = adapter.find(sample, prepared, since - timedelta(seconds=95))
    assert late == Absent(certain=True)
    adapter.send(sample, prepared)
    assert len(gateway.ledger("instagram")) == 1


def test_a_late_listing_is_waited_for(adapter, gateway, job):
    gateway.set(**{"instagram.listing_delay_ms": 60_000})
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    pending = adapter.find(sample, prepared, since)
    assert isinstance(pending, Pending)
    gateway.set(**{"instagram.listing_delay_ms": 0})
    assert isinstance(adapter.check(sample, pending.handle), Published)


def test_another_tools_post_is_not_taken_for_ours(adapter, gateway, job):
    sample = job()
    prepared, since = ready(adapter, sample), clock.now()
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    gateway.post_directly("instagram", LENA, kind="image", text="Made in the app")
    found = adapter.find(sample, prepared, since)
    ours = next(p for p in gateway.ledger("instagram") if p["text"] == "Hello")
    assert isinstance(found, Published)
    assert found.id == ours["remote_id"]


def test_a_prepare_after_a_lost_answer_publishes_nothing_more(adapter, gateway, job):
    sample, journal = job(), DictJournal()
    prepared = prepare(adapter, sample, journal)
    gateway.fault("cut_after", platform="instagram", step="publish")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, prepared)
    again = prepare(adapter, sample, journal)
    answer = adapter.send(sample, again)
    (out,) = gateway.ledger("instagram")
    assert answer.id == out["remote_id"]


def test_failed_processing_makes_one_new_container(adapter, gateway, job):
    """Sheet case 7"""
    gateway.fault(
        "error", platform="instagram", step="processing", detail={"subcode": 2207082}
    )
    sample = job("reel")
    adapter.send(sample, ready(adapter, sample))
    assert len(gateway.calls("instagram", "create_container")) == 2


@pytest.mark.parametrize("step", ["publishing_limit", "create_container"])
@pytest.mark.parametrize(
    "kind", ["rate_limited", "error", "cut_before", "cut_after", "malformed", "empty"]
)
def test_trouble_before_publishing_is_passed_by_trying_again(
    adapter, gateway, job, step, kind
):
    sample, journal = job(), DictJournal()
    gateway.fault(kind, platform="instagram", step=step)
    with pytest.raises(PlatformError) as caught:
        prepare(adapter, sample, journal)
    assert isinstance(caught.value, Unavailable | RateLimited)
    adapter.send(sample, prepare(adapter, sample, journal))
    assert len(gateway.ledger("instagram")) == 1
