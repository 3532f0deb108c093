"""The Bot API's envelope, token, parameters, chats and rights."""

from __future__ import annotations

import json

import pytest
import requests

from tests.sandbox.telegram.bot import (
    BOT_ID,
    CHANNEL,
    NAME,
    OWNER,
    PRIVATE,
    STRANGER,
    TOKEN,
    Bot,
    administrator,
)

NOT_MEMBER = "403 Forbidden: bot is not a member of the channel chat"
KICKED = "403 Forbidden: bot was kicked from the channel chat"
NEED_RIGHTS = "400 Bad Request: need administrator rights in the channel chat"
NOT_FOUND = "400 Bad Request: chat not found"


def test_success_has_ok_and_result_and_the_method_name_may_be_in_any_case(sandbox):
    answer = Bot(sandbox).call("GETME")
    assert answer.json() == {
        "ok": True,
        "result": {
            "id": BOT_ID,
            "is_bot": True,
            "first_name": "Later",
            "username": "later_sandbox_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        },
    }
    assert sandbox.calls("telegram")[-1]["step"] == "getMe"


@pytest.mark.parametrize(
    ("token", "method", "refusal"),
    [
        (TOKEN, "sendEverything", "404 Not Found: method not found"),
        ("nonsense", "getMe", "404 Not Found"),
        ("123:short", "getMe", "404 Not Found"),
        ("7700000001:" + "x" * 35, "getMe", "401 Unauthorized"),
        ("9900000009:" + "x" * 35, "getMe", "401 Unauthorized"),
    ],
)
def test_the_token_stands_in_the_path(sandbox, token, method, refusal):
    assert Bot(sandbox, token).refused(method) == refusal


def test_a_revoked_token_is_unauthorized(sandbox):
    sandbox.revoke("telegram", str(BOT_ID))
    assert Bot(sandbox).refused("getMe") == "401 Unauthorized"


def test_another_bot_can_be_registered_with_its_token(sandbox):
    token = "1234567890:" + "A" * 35
    sandbox.identity("telegram", kind="bot", handle="own_bot", extra={"token": token})
    assert Bot(sandbox, token).ok("getMe")["username"] == "own_bot"


def test_parameters_come_by_query_form_multipart_or_json(bot):
    url, fields = f"{bot.base}/sendMessage", {"chat_id": CHANNEL, "text": "x"}
    for how in (
        {"params": fields},
        {"data": fields},
        {"files": {name: (None, value) for name, value in fields.items()}},
        {"json": {"chat_id": int(CHANNEL), "text": "x"}},
    ):
        assert requests.post(url, timeout=30, **how).json()["ok"]
    assert requests.get(url, params=fields, timeout=30).json()["result"]["text"] == "x"


def test_nested_objects_are_json_text_in_forms(bot):
    preview = json.dumps({"is_disabled": True})
    fields = {"chat_id": CHANNEL, "text": "x", "link_preview_options": preview}
    result = bot.call("sendMessage", data=fields).json()["result"]
    assert result["link_preview_options"] == {"is_disabled": True}
    fields["link_preview_options"] = "{"
    answer = bot.call("sendMessage", data=fields).json()
    assert answer["description"] == (
        "Bad Request: can't parse link preview options JSON object"
    )


def test_a_channel_post_comes_from_the_channel(bot):
    message = bot.ok("sendMessage", chat_id=NAME, text="News")
    chat = {
        "id": int(CHANNEL),
        "title": "Maya Cooks",
        "username": "mayacooks",
        "type": "channel",
    }
    assert message.pop("date") > 1_700_000_000
    expected = {"message_id": 1, "sender_chat": chat, "chat": chat, "text": "News"}
    assert message == expected


def test_a_publication_goes_into_the_ledger_with_its_permalink(bot, sandbox):
    bot.ok("sendMessage", chat_id=CHANNEL, text="<b>News</b>", parse_mode="HTML")
    (row,) = sandbox.ledger("telegram", profile=CHANNEL)
    assert (row["text"], row["remote_id"]) == ("News", "1")
    assert row["permalink"] == "https://t.me/mayacooks/1"
    assert row["extra"]["entities"] == [{"offset": 0, "length": 4, "type": "bold"}]


def test_a_private_channels_permalink_loses_its_prefix_only(sandbox):
    bot = administrator(sandbox, channel=PRIVATE)
    bot.ok("sendMessage", chat_id=PRIVATE, text="x")
    (row,) = sandbox.ledger("telegram")
    assert row["permalink"] == "https://t.me/c/2100100102/1"


def test_get_chat_tells_title_username_and_picture(bot):
    chat = bot.ok("getChat", chat_id=CHANNEL)
    assert (chat["title"], chat["username"]) == ("Maya Cooks", "mayacooks")
    path = bot.ok("getFile", file_id=chat["photo"]["small_file_id"])["file_path"]
    file = requests.get(bot.base.replace("/bot", "/file/bot") + f"/{path}", timeout=30)
    assert file.content[:2] == b"\xff\xd8"


def test_what_a_bot_never_met_does_not_exist(sandbox):
    bot = Bot(sandbox)
    assert bot.refused("getChat", chat_id="-1009999999999") == NOT_FOUND
    assert bot.refused("getChat", chat_id="@nobody_here") == NOT_FOUND
    assert bot.refused("getChat", chat_id=PRIVATE) == NOT_FOUND
    assert bot.refused("getChat") == "400 Bad Request: chat_id is empty"


def test_a_public_channel_can_be_looked_at_but_not_written(sandbox):
    bot = Bot(sandbox)
    assert bot.ok("getChat", chat_id=NAME)["id"] == int(CHANNEL)
    assert bot.refused("sendMessage", chat_id=NAME, text="x") == NOT_MEMBER


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [("kicked", KICKED), ("left", NOT_MEMBER), ("member", NEED_RIGHTS)],
)
def test_lost_standing_shows_in_code_and_text(bot, sandbox, reason, refusal):
    sandbox.revoke("telegram", CHANNEL, reason)
    assert bot.refused("sendMessage", chat_id=CHANNEL, text="x") == refusal
    assert sandbox.ledger("telegram") == []


def test_without_the_right_to_post_the_bot_needs_rights(bot, sandbox):
    assert sandbox.remove_permissions("telegram", CHANNEL, "can_post_messages") == 1
    assert bot.refused("sendMessage", chat_id=CHANNEL, text="x") == NEED_RIGHTS


def test_get_chat_member_shows_rights(bot):
    member = bot.ok("getChatMember", chat_id=CHANNEL, user_id=BOT_ID)
    assert member["status"] == "administrator"
    assert member["user"]["id"] == BOT_ID
    assert (member["can_post_messages"], member["can_edit_messages"]) == (True, False)
    stranger = bot.ok("getChatMember", chat_id=CHANNEL, user_id=STRANGER)
    assert stranger["status"] == "left"


def test_administrators_prove_who_runs_a_channel(bot):
    """Case 11: user B is no administrator of A's channel."""
    people = bot.ok("getChatAdministrators", chat_id=CHANNEL)
    assert [(one["user"]["id"], one["status"]) for one in people] == [
        (OWNER, "creator"),
        (BOT_ID, "administrator"),
    ]


def test_member_lists_are_for_administrators(sandbox):
    refusal = "400 Bad Request: member list is inaccessible"
    bot = Bot(sandbox)
    assert bot.refused("getChatAdministrators", chat_id=NAME) == refusal
    assert bot.refused("getChatMember", chat_id=NAME, user_id=OWNER) == refusal
    invalid = bot.refused("getChatMember", chat_id=NAME, user_id="x")
    assert invalid == "400 Bad Request: invalid user_id specified"


def test_leaving_a_channel_ends_the_bots_rights(bot):
    assert bot.ok("leaveChat", chat_id=CHANNEL) is True
    assert bot.refused("sendMessage", chat_id=CHANNEL, text="x") == NOT_MEMBER


def test_subscribers_are_counted(bot):
    assert bot.ok("getChatMemberCount", chat_id=CHANNEL) == 18_240


def test_channels_come_in_bulk_with_the_bot_as_administrator(sandbox):
    wish = {
        "platform": "telegram",
        "extra": {"administrator": True, "private": True},
    }
    made = sandbox.control("POST", "identities", [wish] * 200)
    ids = {channel["id"] for channel in made}
    assert len(ids) == 200
    bot = Bot(sandbox)
    for channel in (made[0]["id"], made[-1]["id"]):
        assert bot.ok("sendMessage", chat_id=channel, text="x")["message_id"] == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"kind": "group"},
        {"handle": "x"},
        {"extra": {"owner": "nobody"}},
        {"kind": "bot", "extra": {"token": "short"}},
    ],
)
def test_impossible_identities_are_refused(sandbox, wish):
    with pytest.raises(AssertionError, match="error"):
        sandbox.identity("telegram", **wish)


def test_unknown_paths_answer_in_the_platforms_shape(sandbox):
    answer = requests.get(f"{sandbox.url}/api.telegram.org/x/y", timeout=30)
    body = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert answer.json() == body


@pytest.mark.parametrize(
    ("reason", "refusal"), [("kicked", KICKED), ("left", NOT_MEMBER)]
)
def test_a_private_channel_is_closed_to_who_left_it(sandbox, reason, refusal):
    bot = administrator(sandbox, channel=PRIVATE)
    sandbox.revoke("telegram", PRIVATE, reason)
    assert bot.refused("getChat", chat_id=PRIVATE) == refusal


def test_people_have_no_administrators_and_cannot_be_left(sandbox):
    sandbox.token("telegram", str(OWNER))
    bot = Bot(sandbox)
    assert bot.ok("getChat", chat_id=OWNER)["first_name"] == "Maya"
    words = bot.refused("getChatAdministrators", chat_id=OWNER)
    assert words.endswith("there are no administrators in the private chat")
    assert bot.refused("leaveChat", chat_id=OWNER).startswith("400 Bad Request")
    words = bot.refused("getChatMember", chat_id=OWNER, user_id=77)
    assert words == "400 Bad Request: PARTICIPANT_ID_INVALID"


def test_only_chat_pictures_can_be_downloaded(bot):
    words = bot.refused("getFile", file_id="AgACAgQAxyz")
    gone = "wrong file_id or the file is temporarily unavailable"
    assert words == f"400 Bad Request: {gone}"
    assert bot.refused("getFile") == "400 Bad Request: file_id not specified"
    url = bot.base.replace("/bot", "/file/bot") + "/profile_photos/none.jpg"
    assert requests.get(url, timeout=30).status_code == 404


def test_users_can_be_added(sandbox):
    user = sandbox.identity("telegram", kind="user", handle="ada_byron", name="Ada")
    sandbox.token("telegram", user["id"], start="x")
    (update,) = Bot(sandbox).updates()
    assert update["message"]["from"]["username"] == "ada_byron"
    sandbox.post_directly("telegram", user["id"], text="Hello bot")
    texts = [one["message"]["text"] for one in Bot(sandbox).updates()]
    assert texts == ["/start x", "Hello bot"]


def test_tokens_of_telegram_do_not_run_out(sandbox):
    with pytest.raises(AssertionError, match="do not run out"):
        sandbox.expire("telegram", CHANNEL)


def test_taking_away_what_is_not_there_changes_nothing(sandbox):
    administrator(sandbox)
    assert sandbox.remove_permissions("telegram", CHANNEL, "edit_messages") == 0
    assert Bot(sandbox).updates() == []


@pytest.mark.parametrize(
    ("method", "fields", "reason"),
    [
        ("sendMessage", {"text": "x", "reply_parameters": [1]}, "reply parameters"),
        ("sendMessage", {"text": "x", "link_preview_options": 5}, "link preview"),
        ("sendMediaGroup", {}, 'parameter "media" is required'),
        ("sendMediaGroup", {"media": {}}, "expected an Array of InputMedia"),
        ("sendMediaGroup", {"media": [1]}, "expected an Object"),
        ("sendPoll", {"question": "Q"}, "expected an Array of String as options"),
        ("editMessageMedia", {}, "expected an Object"),
        ("editMessageMedia", {"media": {"type": "poll"}}, 'type "poll" is unsupported'),
        ("deleteMessages", {"message_ids": list(range(101))}, "too many message"),
    ],
)
def test_structures_of_the_wrong_kind(bot, method, fields, reason):
    words = bot.refused(method, chat_id=CHANNEL, **fields)
    assert words.startswith("400 Bad Request: ")
    assert reason in words
