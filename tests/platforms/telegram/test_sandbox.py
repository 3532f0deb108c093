"""The adapter against the sandbox over real HTTP: chat, channel and posts."""

from __future__ import annotations

import pytest
import requests

from platforms import clock
from platforms.adapter import Credentials
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.telegram.adapter import Telegram
from platforms.types import (
    Absent,
    CodeSeen,
    Draft,
    Job,
    Prepared,
    Profile,
    RoleSeen,
    Token,
    Visit,
)
from tests.platforms import samples
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal

BOT_ID = "7700000001"
CREDENTIALS = {
    "TELEGRAM_BOT_TOKEN": f"{BOT_ID}:AAF-sandbox-token-of-no-real-bot-00",
    "TELEGRAM_BOT_NAME": "later_sandbox_bot",
}
MAYA, NOAH = "500000101", "500000102"
COOKS, KITCHEN = "-1002000000101", "-1002100100102"
VISIT = Visit("bot", "https://later.example/back", "state", "https://later.example")


@pytest.fixture
def adapter(gateway) -> Telegram:
    return Telegram(Credentials(CREDENTIALS))


@pytest.fixture
def cooks(gateway) -> Profile:
    """A public channel where the bot may post."""
    gateway.token("telegram", COOKS)
    return Profile(COOKS, "mayacooks", "channel", {"username": "mayacooks"})


def real(files, name: str, number: int = 1):
    path = files / name
    known = {"size": path.stat().st_size, "read": path.read_bytes}
    if name.endswith(".mp4"):
        return samples.video(number, width=720, height=1280, duration_s=4, **known)
    return samples.photo(number, width=1080, height=1350, **known)


def of(profile: Profile, kind: str, text: str, *media) -> Job:
    return Job(Draft(kind, text, media), profile, Token(""), "key-1")


def published(adapter: Telegram, sample: Job):
    return adapter.send(sample, run_prepare(adapter, sample, DictJournal()))


# Connecting


def test_a_channel_is_connected_in_the_chat(adapter, gateway):
    """R-C2, R-C6: the code tells who, the promotion tells what."""
    awaiting = adapter.begin(VISIT)
    gateway.token("telegram", MAYA, start=awaiting.code)
    gateway.token("telegram", COOKS, notify=True)
    code, role = adapter.updates("").events
    assert code == CodeSeen(awaiting.code, MAYA, "Maya Lindqvist")
    assert isinstance(role, RoleSeen)
    assert (role.person_id, role.identity.external_id) == (MAYA, COOKS)
    assert "can_post_messages" in role.granted


def test_the_deep_links_open_the_bots_dialogs(adapter):
    for link in adapter.begin(VISIT).links:
        answer = requests.get(link.url, timeout=30)
        assert answer.status_code == 200, link.url
        assert "later_sandbox_bot" in answer.text


def test_a_code_posted_in_the_channel_proves_its_owner(adapter, gateway, cooks):
    """R-C6: for bots that are there already."""
    code = adapter.begin(VISIT).code
    cursor = adapter.updates("").cursor
    gateway.post_directly("telegram", COOKS, text=f"/connect {code}")
    (role,) = adapter.updates(cursor).events
    assert isinstance(role, RoleSeen)
    assert (role.person_id, role.identity.external_id) == (MAYA, COOKS)
    assert "can_post_messages" in role.granted


def test_updates_are_read_once(adapter, gateway):
    gateway.token("telegram", MAYA, start=adapter.begin(VISIT).code)
    first = adapter.updates("")
    assert first.events
    again = adapter.updates(first.cursor)
    assert (again.events, again.cursor) == ((), first.cursor)


def test_taking_the_right_away_is_heard(adapter, gateway, cooks):
    """R-D8, sheet case 7"""
    cursor = adapter.updates("").cursor
    gateway.remove_permissions("telegram", COOKS, "can_post_messages")
    (event,) = adapter.updates(cursor).events
    assert isinstance(event, RoleSeen)
    assert event.identity.external_id == COOKS
    assert "can_post_messages" not in event.granted


def test_throwing_the_bot_out_is_heard(adapter, gateway, cooks):
    """R-D8"""
    cursor = adapter.updates("").cursor
    gateway.revoke("telegram", COOKS, "kicked")
    (event,) = adapter.updates(cursor).events
    assert isinstance(event, RoleSeen)
    assert event.granted == ()


def test_leaving_ends_the_right_to_post(adapter, cooks):
    """R-D8"""
    adapter.revoke(Token(""), cooks)
    with pytest.raises(AuthExpired):
        published(adapter, of(cooks, "text", "Hello"))
    adapter.revoke(Token(""), cooks)


# Publishing


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("text", []),
        ("photo", ["photo.jpg"]),
        ("video", ["clip.mp4"]),
        ("album", ["photo.jpg", "clip.mp4", "square.jpg"]),
    ],
)
def test_every_kind_goes_out_once(adapter, gateway, cooks, files, kind, names):
    """R-F3, R-F4, sheet cases 1, 3 and 4"""
    text = "a < b & <b>no</b> 🙂 *x*"
    media = [real(files, name, number) for number, name in enumerate(names)]
    answer = published(adapter, of(cooks, kind, text, *media))
    (out,) = gateway.ledger("telegram")
    assert (out["text"], out["profile"]) == (text, COOKS)
    assert [m["size"] for m in out["media"]] == [m.size for m in media]
    assert answer.id.split(",")[0] == str(out["remote_id"])
    assert len(answer.id.split(",")) == max(len(names), 1)
    assert answer.url == out["permalink"]


def test_a_private_channel_links_by_number(adapter, gateway):
    gateway.token("telegram", KITCHEN)
    profile = Profile(KITCHEN, data={"username": ""})
    answer = published(adapter, of(profile, "text", "Hello"))
    (out,) = gateway.ledger("telegram")
    assert answer.url == out["permalink"]
    assert answer.url.startswith("https://t.me/c/2100100102/")


@pytest.mark.parametrize(("kind", "maximum"), [("text", 4_096), ("photo", 1_024)])
def test_the_longest_text_passes(adapter, gateway, cooks, files, kind, maximum):
    """Sheet case 2: our count is Telegram's count."""
    media = [real(files, "photo.jpg")] if kind == "photo" else []
    sample = of(cooks, kind, "🙂" * maximum, *media)
    assert adapter.problems(sample.draft, cooks) == ()
    published(adapter, sample)
    assert len(gateway.ledger("telegram")) == 1


def test_one_more_is_refused_by_both(adapter, cooks):
    """Sheet case 2"""
    sample = of(cooks, "text", "🙂" * 4_097)
    (problem,) = adapter.problems(sample.draft, cooks)
    with pytest.raises(Rejected, match="too long") as caught:
        published(adapter, sample)
    assert (problem.field, caught.value.field) == ("text", "text")


def test_a_scheduled_video_has_no_link_yet(adapter, gateway, cooks, files):
    """Sheet case 10"""
    gateway.set(**{"telegram.schedule_videos": True})
    answer = published(adapter, of(cooks, "video", "", real(files, "clip.mp4")))
    assert (answer.id, answer.url) == ("0", "")


def test_a_part_of_an_album_is_not_repeated(adapter, gateway, cooks, files):
    """Sheet case 12, R-F3"""
    gateway.set(**{"telegram.album_fails_at": 2})
    media = [real(files, "photo.jpg", n) for n in range(3)]
    with pytest.raises(OutcomeUnknown, match="part of this album"):
        published(adapter, of(cooks, "album", "Three", *media))


def test_haste_is_slowed_down(adapter, gateway, cooks):
    """R-F5"""
    gateway.set(**{"telegram.chat_per_minute": 2})
    sample = of(cooks, "text", "Hello")
    published(adapter, sample)
    published(adapter, sample)
    with pytest.raises(RateLimited) as caught:
        published(adapter, sample)
    assert caught.value.until > clock.now()


# Trouble


def test_a_missing_right_is_told_before_sending(adapter, gateway, cooks):
    """R-F1"""
    gateway.remove_permissions("telegram", COOKS, "can_post_messages")
    with pytest.raises(PermissionMissing):
        published(adapter, of(cooks, "text", "Hello"))
    assert not gateway.calls("telegram", "sendMessage")


@pytest.mark.parametrize("reason", ["kicked", "left", "member"])
def test_a_lost_channel_is_told_at_sending(adapter, gateway, cooks, reason):
    """Sheet case 8"""
    sample = of(cooks, "text", "Hello")
    ready = run_prepare(adapter, sample, DictJournal())
    gateway.revoke("telegram", COOKS, reason)
    with pytest.raises((AuthExpired, PermissionMissing)):
        adapter.send(sample, ready)
    assert gateway.ledger("telegram") == []


@pytest.mark.parametrize("kind", ["cut_after", "malformed", "empty"])
def test_a_lost_answer_is_left_to_a_person(adapter, gateway, cooks, kind):
    """Sheet case 9, R-F3"""
    sample = of(cooks, "text", "Hello")
    ready = run_prepare(adapter, sample, DictJournal())
    gateway.fault(kind, platform="telegram", step="sendMessage")
    with pytest.raises(OutcomeUnknown):
        adapter.send(sample, ready)
    assert len(gateway.ledger("telegram")) == 1
    assert adapter.find(sample, ready, clock.now()) == Absent(certain=False)


def test_a_moved_channel_is_followed(adapter, gateway, cooks):
    sample = of(cooks, "text", "Hello")
    gateway.fault(
        "error",
        platform="telegram",
        step="sendMessage",
        status=400,
        detail={
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": int(COOKS)},
        },
    )
    published(adapter, sample)
    assert len(gateway.ledger("telegram")) == 1


def test_a_wrong_bot_token_is_the_operators_matter(gateway, cooks):
    wrong = f"{BOT_ID}:AAF-sandbox-token-of-no-real-bot-99"
    adapter = Telegram(Credentials({**CREDENTIALS, "TELEGRAM_BOT_TOKEN": wrong}))
    with pytest.raises(Unavailable) as caught:
        adapter.send(of(cooks, "text", "Hello"), Prepared({"chat_id": COOKS}))
    assert caught.value.code == "operator"
    assert wrong not in f"{caught.value!r}{vars(caught.value)}"
