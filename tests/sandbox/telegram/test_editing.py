"""Edit, delete and pin, bound to the bot's rights."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.telegram.bot import CHANNEL, administrator
from tests.support.files import small_jpeg

PLACE = {"chat_id": CHANNEL, "message_id": 1}


@pytest.fixture
def posted(bot):
    bot.ok("sendMessage", chat_id=CHANNEL, text="one")
    return bot


def test_own_posts_can_be_edited_with_the_right_to_post(posted):
    message = posted.ok(
        "editMessageText", **PLACE, text="<i>two</i>", parse_mode="HTML"
    )
    assert (message["text"], message["entities"][0]["type"]) == ("two", "italic")
    assert message["edit_date"] >= message["date"]


def test_an_edit_without_a_change_is_refused(posted):
    words = posted.refused("editMessageText", **PLACE, text="one")
    assert words.startswith("400 Bad Request: message is not modified: specified new")


def test_captions_and_media_can_be_edited(bot):
    photo = bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg(), caption="a")
    assert bot.ok("editMessageCaption", **PLACE, caption="b")["caption"] == "b"
    assert "caption" not in bot.ok("editMessageCaption", **PLACE, caption="")
    new = json.dumps({"type": "photo", "media": "attach://x", "caption": "c"})
    changed = bot.ok("editMessageMedia", **PLACE, media=new, x=small_jpeg())
    assert changed["caption"] == "c"
    assert changed["photo"][-1]["file_id"] != photo["photo"][-1]["file_id"]


@pytest.mark.parametrize(
    ("method", "more", "reason"),
    [
        ("editMessageText", {"message_id": 9, "text": "x"}, "to edit not found"),
        ("deleteMessage", {"message_id": 9}, "to delete not found"),
        ("pinChatMessage", {"message_id": 9}, "to pin not found"),
    ],
)
def test_messages_that_are_not_there(posted, method, more, reason):
    words = posted.refused(method, chat_id=CHANNEL, **more)
    assert words == f"400 Bad Request: message {reason}"


def test_text_and_caption_are_not_each_other(posted):
    words = posted.refused("editMessageCaption", **PLACE, caption="x")
    assert words == "400 Bad Request: there is no caption in the message to edit"


def test_own_posts_can_be_deleted_for_48_hours(posted, sandbox):
    posted.ok("sendMessage", chat_id=CHANNEL, text="two")
    assert posted.ok("deleteMessage", **PLACE) is True
    sandbox.advance(48 * 3600 + 1)
    late = {"chat_id": CHANNEL, "message_id": 2}
    refusal = "400 Bad Request: message can't be deleted"
    assert posted.refused("deleteMessage", **late) == refusal
    administrator(sandbox, "can_post_messages", "can_delete_messages")
    assert posted.ok("deleteMessage", **late) is True


def test_posts_of_others_need_more_rights(bot, sandbox):
    sandbox.post_directly("telegram", CHANNEL, text="by Maya")
    words = bot.refused("editMessageText", **PLACE, text="x")
    assert words == "400 Bad Request: message can't be edited"
    assert bot.refused("deleteMessage", **PLACE).endswith("can't be deleted")
    administrator(sandbox, "can_edit_messages", "can_delete_messages")
    assert bot.ok("editMessageText", **PLACE, text="x")["text"] == "x"
    assert bot.ok("deleteMessage", **PLACE) is True


def test_several_are_deleted_at_once_and_missing_ones_passed_over(posted):
    posted.ok("sendMessage", chat_id=CHANNEL, text="two")
    assert posted.ok("deleteMessages", chat_id=CHANNEL, message_ids=[1, 2, 77]) is True
    words = posted.refused("deleteMessages", chat_id=CHANNEL, message_ids=[])
    assert words == "400 Bad Request: message identifiers are not specified"


def test_pinning_needs_the_right_to_edit(posted, sandbox):
    words = posted.refused("pinChatMessage", **PLACE)
    assert words == (
        "400 Bad Request: not enough rights to manage pinned messages in the chat"
    )
    administrator(sandbox, "can_post_messages", "can_edit_messages")
    assert posted.ok("pinChatMessage", **PLACE) is True
    pinned = posted.ok("getChat", chat_id=CHANNEL)["pinned_message"]
    assert pinned["text"] == "one"


def test_identifiers_must_be_given(bot):
    words = bot.refused("deleteMessage", chat_id=CHANNEL)
    assert words == "400 Bad Request: message identifier is not specified"
    words = bot.refused("deleteMessage")
    assert words == "400 Bad Request: chat identifier is not specified"


def test_a_text_edit_of_a_photo_is_refused(bot):
    bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg())
    words = bot.refused("editMessageText", **PLACE, text="x")
    assert words == "400 Bad Request: there is no text in the message to edit"


def test_one_foreign_post_stops_a_deletion_of_several(posted, sandbox):
    sandbox.post_directly("telegram", CHANNEL, text="by Maya")
    words = posted.refused("deleteMessages", chat_id=CHANNEL, message_ids=[1, 2])
    assert words == "400 Bad Request: message can't be deleted"
    assert posted.ok("deleteMessage", **PLACE) is True
