"""t.me: the dialogs that stand for the Telegram app, without a browser."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import FormReader
from tests.sandbox.telegram.bot import CHANNEL, OWNER, PRIVATE, STRANGER, Bot

ADD = "later_sandbox_bot?startchannel&admin=post_messages+edit_messages"


def get(sandbox, path):
    return requests.get(f"{sandbox.url}/t.me/{path}", timeout=30)


def send(sandbox, path, **form):
    return requests.post(f"{sandbox.url}/t.me/{path}", data=form, timeout=30)


def offered(answer, name):
    reader = FormReader()
    reader.feed(answer.text)
    return [(value, on) for found, value, on in reader.inputs if found == name]


def test_the_start_link_offers_everyone_and_sends_the_code(sandbox):
    people = offered(get(sandbox, "later_sandbox_bot?start=Kx8_a-1"), "identity")
    assert [value for value, _ in people] == ["500000101", "500000102", "500000103"]
    path = "later_sandbox_bot?start=Kx8_a-1"
    page = send(sandbox, path, identity=STRANGER, decision="start")
    (update,) = Bot(sandbox).updates()
    message = update["message"]
    assert message["text"] == "/start Kx8_a-1"
    assert message["from"]["id"] == STRANGER
    assert "startchannel&amp;admin=post_messages" in page.text


def test_cancel_sends_nothing(sandbox):
    path = "later_sandbox_bot?start=abc"
    page = send(sandbox, path, identity=OWNER, decision="cancel")
    assert "Nothing was sent" in page.text
    assert Bot(sandbox).updates() == []


@pytest.mark.parametrize("code", ["", "a" * 65, "a.b", "é"])
def test_a_start_code_has_a_shape(sandbox, code):
    answer = get(sandbox, f"later_sandbox_bot?start={code}")
    assert (answer.status_code, "broken" in answer.text) == (404, True)


def test_the_add_dialog_ticks_what_the_link_asks_for(sandbox):
    rights = dict(offered(get(sandbox, ADD), "right"))
    assert (rights["post_messages"], rights["edit_messages"]) == (True, True)
    assert rights["delete_messages"] is False


def test_the_add_dialog_lists_the_channels_of_each_person(sandbox):
    page = get(sandbox, f"{ADD}&as={STRANGER}")
    channels = offered(page, "channel")
    assert [value for value, on in channels if on] == ["-1002000000103"]
    assert {CHANNEL, PRIVATE} < {value for value, _ in channels}


def test_adding_gives_the_ticked_rights_and_tells_the_bot(sandbox):
    page = send(
        sandbox,
        ADD,
        identity=OWNER,
        channel=PRIVATE,
        right=["post_messages", "delete_messages"],
        decision="add",
    )
    assert "is now an administrator of Maya&#39;s test kitchen" in page.text
    (update,) = Bot(sandbox).updates()
    new = update["my_chat_member"]["new_chat_member"]
    assert (new["can_post_messages"], new["can_delete_messages"]) == (True, True)
    assert new["can_edit_messages"] is False
    assert update["my_chat_member"]["from"]["id"] == OWNER


def test_an_unticked_right_is_missing_later(sandbox):
    wish = {"identity": OWNER, "channel": CHANNEL, "decision": "add"}
    send(sandbox, ADD, **wish, right=["edit_messages"])
    words = Bot(sandbox).refused("sendMessage", chat_id=CHANNEL, text="x")
    assert words.endswith("need administrator rights in the channel chat")


def test_nobody_can_add_to_anothers_channel(sandbox):
    wish = {"identity": STRANGER, "channel": CHANNEL, "decision": "add"}
    answer = send(sandbox, ADD, **wish)
    assert answer.status_code == 400
    assert "Choose one of Noah Okafor&#39;s channels." in answer.text
    assert Bot(sandbox).updates() == []


def test_a_post_has_a_public_page(bot, sandbox):
    text = "<b>Bold</b> &amp; <a href='https://example.org'>link</a>"
    bot.ok("sendMessage", chat_id=CHANNEL, text=text, parse_mode="HTML")
    page = get(sandbox, "mayacooks/1").text
    link = '<b>Bold</b> &amp; <a rel="nofollow" href="https://example.org/">link</a>'
    assert link in page
    assert get(sandbox, "mayacooks/2").status_code == 404


def test_markup_in_a_post_is_text_on_its_page(bot, sandbox):
    bot.ok("sendMessage", chat_id=CHANNEL, text="<script>alert(1)</script>")
    assert "<script>" not in get(sandbox, "mayacooks/1").text


def test_an_album_is_one_post_under_any_of_its_ids(bot, sandbox, web):
    items = [{"type": "photo", "media": web(name)} for name in ("photo.jpg",) * 2]
    bot.ok("sendMediaGroup", chat_id=CHANNEL, media=items)
    for number in (1, 2):
        assert get(sandbox, f"mayacooks/{number}").text.count("<img") == 2
    picture = get(sandbox, "mayacooks/1").text.split('<img src="')[1].split('"')[0]
    answer = requests.get(sandbox.url + picture, timeout=30)
    assert answer.headers["Content-Type"] == "image/jpeg"


def test_a_channel_page_lists_its_posts(bot, sandbox):
    for text in ("first", "second"):
        bot.ok("sendMessage", chat_id=CHANNEL, text=text)
    page = get(sandbox, "s/mayacooks").text
    assert page.index("first") < page.index("second")
    assert "18,240 subscribers" in page


def test_a_private_post_opens_by_its_short_address(sandbox):
    sandbox.token("telegram", PRIVATE)
    Bot(sandbox).ok("sendMessage", chat_id=PRIVATE, text="secret soup")
    page = get(sandbox, "c/2100100102/1").text
    assert "secret soup" in page
    assert "only its members see this" in page


def test_unknown_names_have_a_page_that_says_so(sandbox):
    answer = get(sandbox, "nobody_here")
    assert (answer.status_code, "nobody_here" in answer.text) == (404, True)


def test_pictures_of_chats_are_drawn(sandbox):
    answer = get(sandbox, f"i/avatar/{CHANNEL}.jpg")
    assert answer.content[:2] == b"\xff\xd8"


@pytest.mark.parametrize("path", ["i/avatar/1.jpg", "i/media/00.jpg", "c/1/1"])
def test_pictures_and_posts_that_are_not_there(sandbox, path):
    assert get(sandbox, path).status_code == 404


def test_somebody_must_be_chosen(sandbox):
    path = "later_sandbox_bot?start=abc"
    answer = send(sandbox, path, identity=CHANNEL, decision="start")
    assert (answer.status_code, "Who are you?" in answer.text) == (404, True)


def test_hidden_text_is_hidden_on_the_page(bot, sandbox):
    bot.ok("sendMessage", chat_id=CHANNEL, text="||end||", parse_mode="MarkdownV2")
    assert '<span class="spoiler">end</span>' in get(sandbox, "mayacooks/1").text
