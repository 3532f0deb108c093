"""What goes to Telegram, and what its answers are taken for."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from platforms import clock
from platforms.adapter import Credentials
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from platforms.telegram.adapter import Telegram
from platforms.types import Absent, Draft, Job, Prepared, Profile, Published, Token
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal, FakeHttp
from tests.platforms.samples import JPEG, MP4, photo, video
from tests.platforms.telegram.world import (
    BOT_MEMBER,
    BOT_USER,
    CHANNEL,
    CREDENTIALS,
    JOBS,
    job,
    member,
    message,
    ok,
    refusal,
    telegram,
    world,
)

READY = Prepared({"chat_id": CHANNEL})


def sent(sample: Job, http: FakeHttp) -> Published:
    return telegram(http).send(sample, READY)


def test_text_goes_out_as_typed_without_markup():
    """Sheet case 1: what a person typed is what readers see."""
    text = "a < b & <b>no</b> 🙂 *x* _y_"
    http = world()
    sent(job("text", text), http)
    assert http.last.url.endswith("/sendMessage")
    assert http.last.json == {"chat_id": int(CHANNEL), "text": text}


def test_photo_goes_out_as_bytes_with_its_caption():
    http = world()
    sent(JOBS["photo"], http)
    assert http.last.url.endswith("/sendPhoto")
    assert http.last.form == {"chat_id": CHANNEL, "caption": "One photo"}
    assert http.last.files == {"photo": ("photo-1.jpg", JPEG, "image/jpeg")}


def test_no_caption_is_sent_for_no_text():
    http = world()
    sent(job("photo", "", photo()), http)
    assert http.last.form == {"chat_id": CHANNEL}


def test_video_goes_out_with_its_size_and_length():
    http = world()
    sent(job("video", "", video(duration_s=12.4)), http)
    form = http.last.form
    assert (form["width"], form["height"], form["duration"]) == ("1080", "1920", "12")
    assert form["supports_streaming"] == "true"
    assert http.last.files["video"] == ("video-1.mp4", MP4, "video/mp4")


def test_album_is_one_call_with_the_caption_on_the_first():
    """Sheet case 3"""
    http = world()
    sent(JOBS["album"], http)
    assert http.last.url.endswith("/sendMediaGroup")
    items = json.loads(http.last.form["media"])
    assert [item["type"] for item in items] == ["photo", "video", "photo"]
    assert [item.get("caption") for item in items] == ["Three files", None, None]
    assert [item["media"] for item in items] == [f"attach://f{n}" for n in range(3)]
    assert set(http.last.files) == {"f0", "f1", "f2"}


def test_album_keeps_all_ids_and_links_the_first():
    """Sheet case 3"""
    assert sent(JOBS["album"], world()) == Published(
        "412,413,414", "https://t.me/adanews/412"
    )


def test_one_photo_is_no_album():
    """Sheet case 4"""
    adapter = telegram()
    assert adapter.default_kind(Draft("", "x", (photo(),))) == "photo"
    assert adapter.default_kind(Draft("", "x", (photo(), photo(2)))) == "album"
    assert adapter.default_kind(Draft("", "x")) == "text"


def test_public_channels_link_by_name():
    assert sent(JOBS["text"], world()).url == "https://t.me/adanews/412"


def test_private_channels_link_by_number():
    """Only the prefix goes: an id may contain 100 again."""
    private = ok(message(5, id=-1001001002100, username=""))
    http = world().on("POST", "/sendMessage", private)
    assert sent(JOBS["text"], http).url == "https://t.me/c/1001002100/5"


def test_permalink_can_be_made_again():
    assert telegram().permalink(JOBS["text"], "7,8") == "https://t.me/adanews/7"
    hidden = Profile("-1001234567890", data={"username": ""})
    secret = replace(JOBS["text"], profile=hidden)
    assert telegram().permalink(secret, "7") == "https://t.me/c/1234567890/7"


def test_message_without_an_id_is_published_without_a_link():
    """Sheet case 10: Telegram sends it by itself a little later."""
    http = world().on("POST", "/sendVideo", ok(message(0)))
    assert sent(JOBS["video"], http) == Published("0", "")
    assert telegram().permalink(JOBS["video"], "0") == ""


def test_a_moved_chat_is_followed_once():
    moved = refusal(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1009,
    )
    http = world().on("POST", "/sendMessage", moved, ok(message(3)))
    assert sent(JOBS["text"], http).id == "3"
    assert [s.json["chat_id"] for s in http.sent] == [int(CHANNEL), -1009]


def test_a_chat_that_moves_on_and_on_is_refused():
    moved = refusal(400, "Bad Request: moved", migrate_to_chat_id=-1009)
    http = world().on("POST", "/sendMessage", moved)
    with pytest.raises(Rejected):
        sent(JOBS["text"], http)
    assert len(http.sent) == 2


def test_haste_pauses_this_channel_for_as_long_as_told():
    """Sheet case 6, R-F5"""
    fast = refusal(429, "Too Many Requests: retry after 37", retry_after=37)
    with pytest.raises(RateLimited) as caught:
        sent(JOBS["text"], world().on("POST", "/sendMessage", fast))
    wait = caught.value.until - clock.now()
    assert timedelta(seconds=35) < wait <= timedelta(seconds=37)
    assert caught.value.scope == "profile"


def test_a_senseless_pause_is_bounded():
    fast = refusal(429, "Too Many Requests: retry after 9", retry_after=10**30)
    with pytest.raises(RateLimited) as caught:
        sent(JOBS["text"], world().on("POST", "/sendMessage", fast))
    assert caught.value.until - clock.now() < timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        'Bad Request: failed to send message #2: "PHOTO_INVALID_DIMENSIONS"',
        "Bad Request: Group send failed",
    ],
)
def test_a_part_of_an_album_leaves_the_decision_to_a_person(text):
    """Sheet case 12: what succeeded stays in the channel, so nothing is repeated."""
    http = world().on("POST", "/sendMediaGroup", refusal(400, text))
    with pytest.raises(OutcomeUnknown, match="part of this album") as caught:
        sent(JOBS["album"], http)
    assert caught.value.status == 400


def test_nobody_but_a_person_finds_a_lost_post():
    """Sheet case 9: bots can't read a channel's history."""
    found = telegram().find(JOBS["text"], READY, clock.now())
    assert found == Absent(certain=False)
    assert telegram().can_find is False


def test_other_kinds_are_unsupported():
    with pytest.raises(Unsupported):
        sent(job("poll", "Tea or coffee?"), world())


# The check at the time itself (R-F1)


def test_prepare_uploads_nothing():
    http = world()
    assert run_prepare(telegram(http), JOBS["album"], DictJournal()) == READY
    assert [s.method for s in http.sent] == ["GET"]
    assert http.last.query == {"chat_id": CHANNEL, "user_id": "123456789"}


def test_prepare_tells_the_missing_right():
    """Sheet case 7"""
    weak = {**BOT_MEMBER, "can_post_messages": False}
    http = world().on("GET", "/getChatMember", ok(weak))
    with pytest.raises(PermissionMissing, match="Post messages") as caught:
        telegram(http).prepare(JOBS["text"], DictJournal())
    assert caught.value.names == ("can_post_messages",)


@pytest.mark.parametrize("status", ["left", "kicked"])
def test_prepare_tells_a_bot_that_was_removed(status):
    gone = ok(member(BOT_USER, status))
    http = world().on("GET", "/getChatMember", gone)
    with pytest.raises(AuthExpired, match="Add it again"):
        telegram(http).prepare(JOBS["text"], DictJournal())


@pytest.mark.parametrize("status", ["member", "restricted"])
def test_prepare_tells_a_demoted_bot(status):
    plain = ok(member(BOT_USER, status, can_post_messages=True))
    http = world().on("GET", "/getChatMember", plain)
    with pytest.raises(PermissionMissing):
        telegram(http).prepare(JOBS["text"], DictJournal())


# Errors (sheet, section 6)


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was kicked from the channel chat", AuthExpired),
        (403, "Forbidden: bot is not a member of the channel chat", AuthExpired),
        (403, "Forbidden: something new", AuthExpired),
        (400, "Bad Request: chat not found", AuthExpired),
        (
            400,
            "Bad Request: need administrator rights in the channel chat",
            PermissionMissing,
        ),
        (
            400,
            "Bad Request: not enough rights to send photos to the chat",
            PermissionMissing,
        ),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN", PermissionMissing),
        (403, "Forbidden: CHAT_ADMIN_REQUIRED", PermissionMissing),
        (400, "Bad Request: something new", Rejected),
        (401, "Unauthorized", Unavailable),
        (401, "Unauthorized: invalid token specified", Unavailable),
        (404, "Not Found", Unavailable),
        (421, "Misdirected Request", Unavailable),
        (500, "Internal Server Error: restart", OutcomeUnknown),
        (502, "Bad Gateway", OutcomeUnknown),
    ],
)
def test_refusals_are_told_apart(status, description, expected):
    http = world().on("POST", "/sendMessage", refusal(status, description))
    with pytest.raises(expected) as caught:
        sent(JOBS["text"], http)
    assert caught.value.status == status
    assert caught.value.details == description


@pytest.mark.parametrize(
    ("description", "field"),
    [
        ("Bad Request: message is too long", "text"),
        ("Bad Request: message caption is too long", "text"),
        ("Bad Request: message text is empty", "text"),
        ("Bad Request: PHOTO_INVALID_DIMENSIONS", "media"),
        ("Bad Request: IMAGE_PROCESS_FAILED", "media"),
        ("Bad Request: PHOTO_EXT_INVALID", "media"),
        ("Bad Request: wrong file identifier/HTTP URL specified", "media"),
        ("Bad Request: too many messages to send as an album", "media"),
        ("Bad Request: this media can't be mixed with others", "media"),
    ],
)
def test_refused_content_names_its_field(description, field):
    http = world().on("POST", "/sendMediaGroup", refusal(400, description))
    with pytest.raises(Rejected) as caught:
        sent(JOBS["album"], http)
    assert caught.value.field == field


def test_too_large_a_file_is_the_medias_fault():
    http = world().on("POST", "/sendVideo", refusal(413, "Request Entity Too Large"))
    with pytest.raises(Rejected) as caught:
        sent(JOBS["video"], http)
    assert caught.value.field == "media"


def test_unknown_refusals_are_told_in_telegrams_words():
    """R-F4"""
    http = world().on("POST", "/sendMessage", refusal(400, "Bad Request: odd thing"))
    with pytest.raises(Rejected, match="odd thing"):
        sent(JOBS["text"], http)


# Limits while typing (R-E2)


@pytest.mark.parametrize(
    ("kind", "maximum"), [("text", 4_096), ("photo", 1_024), ("album", 1_024)]
)
def test_lengths_are_counted_in_code_points(kind, maximum):
    """Sheet case 2: an emoji is one."""
    media = JOBS[kind].draft.media
    full = Draft(kind, "🙂" * maximum, media)
    over = Draft(kind, "🙂" * (maximum + 1), media)
    adapter, profile = telegram(), JOBS[kind].profile
    assert adapter.problems(full, profile) == ()
    assert [p.code for p in adapter.problems(over, profile)] == ["text_too_long"]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        (photo(width=8_000, height=2_001), "image_too_large"),
        (photo(width=2_100, height=100), "media_ratio"),
        (video(size=50_000_001), "video_too_large"),
        (video(mime="video/quicktime"), "video_format"),
    ],
)
def test_files_beyond_the_limits_are_told(item, code):
    kind = "photo" if item.kind == "image" else "video"
    found = telegram().problems(Draft(kind, "", (item,)), JOBS["photo"].profile)
    assert [p.code for p in found] == [code]


def test_a_text_post_needs_a_text():
    found = telegram().problems(Draft("text", "  "), JOBS["text"].profile)
    assert [(p.code, p.field) for p in found] == [("text_missing", "text")]


def test_the_bots_token_is_in_no_prepared_data():
    """R-D2"""
    assert "AAcanary" not in json.dumps(READY.data)
    assert "AAcanary" not in repr(telegram()._bot())
    assert "AAcanary" not in repr(telegram().credentials)
    assert "AAcanary" not in repr(Token("AAcanary"))


# Pace


def test_the_paces_are_those_of_bot_and_channel():
    """R-F5"""
    told = [(p.messages, p.seconds, p.scope) for p in telegram().paces()]
    assert told == [(30, 1, "app"), (20, 60, "profile")]


def test_the_operator_may_set_others_for_a_bot_that_may_send_more():
    set_to = {"TELEGRAM_PER_SECOND": "1000", "TELEGRAM_CHANNEL_PER_MINUTE": "0"}
    adapter = Telegram(Credentials({**CREDENTIALS, **set_to}), world())
    assert [(p.messages, p.scope) for p in adapter.paces()] == [(1_000, "app")]


def test_an_album_counts_as_many_messages_as_it_has_files():
    counts = {kind: telegram().messages(job.draft) for kind, job in JOBS.items()}
    files = len(JOBS["album"].draft.media)
    assert counts == {"text": 1, "photo": 1, "video": 1, "album": files}
