"""A channel is proven by the person who gave the rights, never by its name."""

from __future__ import annotations

import re

import pytest

from core import http as door
from platforms.adapter import Credentials
from platforms.errors import Unavailable
from platforms.telegram.adapter import Telegram
from platforms.types import Awaiting, CodeSeen, RoleSeen, Token, Visit
from tests.platforms.fakes import FakeHttp
from tests.platforms.telegram.world import (
    ADA,
    BOT_MEMBER,
    BOT_USER,
    CHANNEL,
    CODE,
    CREDENTIALS,
    EVE,
    PROFILE,
    claimed,
    member,
    numbered,
    ok,
    promoted,
    refusal,
    started,
    telegram,
    world,
)

VISIT = Visit("bot", "https://later.example/back", "state", "https://later.example")


def begun() -> Awaiting:
    answer = telegram().begin(VISIT)
    assert isinstance(answer, Awaiting)
    return answer


def heard(*updates, http: FakeHttp | None = None):
    fake = (http or world()).on("GET", "/getUpdates", numbered(*updates))
    return telegram(fake).updates("").events


def test_code_is_long_and_fits_a_deep_link():
    code = begun().code
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", code)
    assert code != begun().code


def test_links_carry_the_code_and_ask_for_the_one_right():
    """R-C3: no right that no feature uses."""
    answer = begun()
    start, add = (link.url for link in answer.links)
    assert start == f"https://t.me/planner_bot?start={answer.code}"
    assert add == "https://t.me/planner_bot?startchannel&admin=post_messages"


def test_steps_name_the_bot_and_the_code_for_a_bot_already_there():
    answer = begun()
    assert "@planner_bot" in answer.steps[0]
    assert f"/connect {answer.code}" in answer.steps[-1]


def test_an_at_sign_in_the_setting_does_no_harm():
    values = {**CREDENTIALS, "TELEGRAM_BOT_NAME": "@planner_bot"}
    answer = Telegram(Credentials(values), world()).begin(VISIT)
    assert answer.links[0].url.startswith("https://t.me/planner_bot?")


def test_links_lead_through_the_gateway():
    door.configure(gateway="http://127.0.0.1:9000")
    try:
        assert begun().links[0].url.startswith("http://127.0.0.1:9000/t.me/planner_bot")
    finally:
        door.configure()


def test_start_with_a_code_tells_who_the_person_is():
    assert heard(started()) == (CodeSeen(CODE, "42", "Ada Byron"),)


def test_promotion_tells_channel_person_and_rights():
    """R-C6"""
    (event,) = heard(promoted())
    assert isinstance(event, RoleSeen)
    assert (event.person_id, event.granted) == ("42", ("can_post_messages",))
    identity = event.identity
    assert (identity.external_id, identity.name) == (CHANNEL, "Ada News")
    assert (identity.handle, identity.kind) == ("adanews", "channel")
    assert (identity.role, identity.refused) == ("Administrator", "")


def test_the_channels_token_is_not_the_bots():
    """R-D2: the bot's token stays in the operator's settings."""
    (event,) = heard(promoted())
    assert isinstance(event, RoleSeen)
    assert event.identity.token == Token("", scopes=("can_post_messages",))


def test_promotion_without_the_right_to_post_is_kept_and_told():
    """R-C4: the profile is kept, what is missing is named by its absence."""
    weak = {**BOT_MEMBER, "can_post_messages": False, "can_edit_messages": True}
    (event,) = heard(promoted(member=weak))
    assert isinstance(event, RoleSeen)
    assert event.granted == ("can_edit_messages",)
    assert not event.identity.refused


@pytest.mark.parametrize("status", ["left", "kicked", "member"])
def test_losing_the_role_leaves_no_right(status):
    """R-D8: access withdrawn at the platform is noticed."""
    (event,) = heard(promoted(member=member(BOT_USER, status)))
    assert isinstance(event, RoleSeen)
    assert event.granted == ()
    assert event.identity.external_id == CHANNEL


def test_a_group_is_refused_in_words():
    """R-C6"""
    (event,) = heard(promoted(type="supergroup"))
    assert isinstance(event, RoleSeen)
    assert "channels" in event.identity.refused


def test_an_anonymous_administrator_is_nobody():
    mask = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    (event,) = heard(promoted(mask))
    assert isinstance(event, RoleSeen)
    assert event.person_id == ""


def test_posted_code_gives_the_channel_to_its_owner_only():
    """R-C6: Telegram doesn't say who posted, so each administrator is asked about."""
    admins = [
        member(ADA, "creator"),
        member(EVE, "administrator", can_post_messages=False, can_edit_messages=True),
        BOT_MEMBER,
    ]
    http = world().on("GET", "/getChatAdministrators", ok(admins))
    (event,) = heard(claimed(), http=http)
    assert isinstance(event, RoleSeen)
    assert (event.person_id, event.granted) == ("42", ("can_post_messages",))


def test_posted_code_counts_for_an_editor_who_may_post():
    admins = [member(EVE, "administrator", can_post_messages=True), BOT_MEMBER]
    http = world().on("GET", "/getChatAdministrators", ok(admins))
    assert [event.person_id for event in heard(claimed(), http=http)] == ["66"]


def test_posted_code_in_a_lost_channel_holds_nothing_up():
    gone = refusal(403, "Forbidden: bot was kicked from the channel chat")
    http = world().on("GET", "/getChatAdministrators", gone)
    assert heard(claimed(), started(), http=http) == (
        CodeSeen(CODE, "42", "Ada Byron"),
    )


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"from": ADA, "chat": {"type": "private"}, "text": "hello"}},
        {"message": {"from": ADA, "chat": {"type": "private"}, "photo": []}},
        started(code="short"),
        started(code="bad code with spaces"),
        started(type="group"),
        promoted(type="private"),
        {"my_chat_member": {"chat": None}},
        {"message": {"text": 5}},
        {"channel_post": {"text": "/connect nothing"}},
        {"poll": {}},
        {},
        None,
        [],
        "text",
    ],
)
def test_other_updates_are_no_events(update):
    assert telegram().events_of(update) == ()


def test_cursor_is_one_past_the_last_update():
    http = world().on("GET", "/getUpdates", numbered(started(), {}, first=70))
    assert telegram(http).updates("").cursor == "72"


def test_cursor_stays_when_there_is_no_news():
    http = world().on("GET", "/getUpdates", numbered())
    assert telegram(http).updates("72").cursor == "72"
    assert http.last.query["offset"] == "72"


def test_updates_are_asked_for_without_waiting():
    http = world()
    telegram(http).updates("")
    query = http.sent[0].query
    assert query["timeout"] == "0"
    assert "offset" not in query
    assert "my_chat_member" in query["allowed_updates"]


def test_a_webhook_beside_polling_is_the_operators_matter():
    conflict = refusal(409, "Conflict: can't use getUpdates while webhook is active")
    http = world().on("GET", "/getUpdates", conflict)
    with pytest.raises(Unavailable) as caught:
        telegram(http).updates("")
    assert caught.value.code == "operator"


def test_revoke_leaves_the_channel():
    """R-D8"""
    http = world()
    telegram(http).revoke(Token(""), PROFILE)
    assert http.last.query["chat_id"] == CHANNEL


def test_revoke_is_done_when_the_bot_was_thrown_out():
    gone = refusal(403, "Forbidden: bot is not a member of the channel chat")
    telegram(world().on("GET", "/leaveChat", gone)).revoke(Token(""), PROFILE)


def test_a_dead_bot_token_is_the_operators_matter():
    """No channel's owner can mend it, so no connection is called expired."""
    http = world().on("GET", "/getUpdates", refusal(401, "Unauthorized"))
    with pytest.raises(Unavailable) as caught:
        telegram(http).updates("")
    assert caught.value.code == "operator"
    assert "operator" in caught.value.message
