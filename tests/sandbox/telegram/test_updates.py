"""Updates: asked for by long polling, delivered to a webhook, told once."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import pytest

from tests.sandbox.telegram.bot import BOT_ID, CHANNEL, OWNER, Bot
from tests.support.files import video

SECRET = "X-Telegram-Bot-Api-Secret-Token"


def test_adding_the_bot_is_told_with_who_did_it(sandbox):
    sandbox.token("telegram", CHANNEL, rights=["can_post_messages"], notify=True)
    (update,) = Bot(sandbox).updates()
    change = update["my_chat_member"]
    assert (change["chat"]["type"], change["from"]["id"]) == ("channel", OWNER)
    assert change["old_chat_member"]["status"] == "left"
    new = change["new_chat_member"]
    assert (new["status"], new["can_post_messages"]) == ("administrator", True)
    assert new["user"]["id"] == BOT_ID


def test_demotion_and_removal_are_told(bot, sandbox):
    """Case 7: the bot knows before its next post."""
    sandbox.remove_permissions("telegram", CHANNEL, "can_post_messages")
    sandbox.revoke("telegram", CHANNEL, "kicked")
    first, second = [update["my_chat_member"] for update in bot.updates()]
    assert first["new_chat_member"]["can_post_messages"] is False
    assert second["new_chat_member"]["status"] == "kicked"


def test_own_posts_are_not_echoed_but_those_of_others_are(bot, sandbox):
    bot.ok("sendMessage", chat_id=CHANNEL, text="by the bot")
    sandbox.post_directly("telegram", CHANNEL, text="/connect abc #x")
    (update,) = bot.updates()
    post = update["channel_post"]
    assert (post["message_id"], post["text"]) == (2, "/connect abc #x")
    assert [entity["type"] for entity in post["entities"]] == ["bot_command", "hashtag"]


def test_private_messages_carry_who_sent_them(sandbox):
    sandbox.token("telegram", str(OWNER), start="code-1")
    (update,) = Bot(sandbox).updates()
    message = update["message"]
    assert message["text"] == "/start code-1"
    assert (message["from"]["id"], message["chat"]["type"]) == (OWNER, "private")


def test_a_bot_answers_in_private_and_learns_when_it_is_blocked(sandbox):
    bot = Bot(sandbox)
    unknown = bot.refused("sendMessage", chat_id=OWNER, text="Hello")
    assert unknown == "400 Bad Request: chat not found"
    sandbox.token("telegram", str(OWNER))
    assert bot.ok("sendMessage", chat_id=OWNER, text="Hello")["from"]["id"] == BOT_ID
    assert sandbox.ledger("telegram") == []
    sandbox.revoke("telegram", str(OWNER))
    refusal = "403 Forbidden: bot was blocked by the user"
    assert bot.refused("sendMessage", chat_id=OWNER, text="x") == refusal


def post(sandbox, *texts):
    for text in texts:
        sandbox.post_directly("telegram", CHANNEL, text=text)


def texts(updates):
    return [update["channel_post"]["text"] for update in updates]


def test_updates_stay_until_a_higher_offset_confirms_them(bot, sandbox):
    post(sandbox, "1", "2", "3")
    first = bot.updates(limit=2)
    assert texts(first) == ["1", "2"]
    assert texts(bot.updates()) == ["1", "2", "3"]
    assert texts(bot.updates(offset=first[-1]["update_id"] + 1)) == ["3"]
    assert texts(bot.updates()) == ["3"]


def test_a_negative_offset_keeps_the_newest(bot, sandbox):
    post(sandbox, "1", "2", "3")
    assert texts(bot.updates(offset=-1)) == ["3"]


def test_who_reads_on_hears_what_comes_after_a_reset(sandbox):
    """A number is never given twice, as with the real ones."""
    sandbox.token("telegram", CHANNEL, rights=["can_post_messages"], notify=True)
    (before,) = Bot(sandbox).updates()
    sandbox.reset()
    sandbox.token("telegram", CHANNEL, rights=["can_post_messages"], notify=True)
    assert len(Bot(sandbox).updates(offset=before["update_id"] + 1)) == 1


def test_updates_live_for_a_day(bot, sandbox):
    post(sandbox, "old")
    sandbox.advance(24 * 3600 + 1)
    assert bot.updates() == []


def test_kinds_not_asked_for_are_not_kept(bot, sandbox):
    bot.updates(allowed_updates=["message", "my_chat_member"])
    post(sandbox, "1")
    sandbox.revoke("telegram", CHANNEL)
    assert ["my_chat_member" in update for update in bot.updates()] == [True]


def test_long_polling_answers_as_soon_as_something_comes(bot, sandbox):
    start = time.monotonic()
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(bot.updates, timeout=30)
        post(sandbox, "now")
        assert texts(waiting.result()) == ["now"]
    assert time.monotonic() - start < 20


def test_an_empty_poll_ends_after_its_time(bot):
    start = time.monotonic()
    assert bot.updates(timeout=1) == []
    assert 0.9 < time.monotonic() - start < 5


def test_the_newest_poll_ends_the_one_before(bot, sandbox):
    with ThreadPoolExecutor() as pool:
        first = pool.submit(bot.send, "getUpdates", timeout=40)
        while not first.done():
            assert bot.updates() == []
        body = first.result().json()
    assert body["error_code"] == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )


class Hook:
    """A webhook on a free port; `answers` are the statuses it gives in turn."""

    def __init__(self) -> None:
        self.calls: Queue = Queue()
        self.answers: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.calls.put((self.headers.get(SECRET), json.loads(body)))
                status = hook.answers.pop(0) if hook.answers else 200
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def next(self):
        return self.calls.get(timeout=10)


@pytest.fixture
def hook():
    hook = Hook()
    hook.thread.start()
    yield hook
    hook.server.shutdown()
    hook.server.server_close()
    hook.thread.join()


def test_a_webhook_is_called_with_its_secret(bot, sandbox, hook):
    answer = bot.send(
        "setWebhook", url=hook.url, secret_token="s-1", max_connections=20
    )
    assert answer.json() == {
        "ok": True,
        "result": True,
        "description": "Webhook was set",
    }
    post(sandbox, "hello")
    secret, update = hook.next()
    assert secret == "s-1"
    assert update["channel_post"]["text"] == "hello"
    info = bot.ok("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == (hook.url, 20)


def test_updates_from_before_are_delivered_first_and_in_order(bot, sandbox, hook):
    post(sandbox, "1", "2")
    bot.ok("setWebhook", url=hook.url)
    post(sandbox, "3")
    seen = [hook.next()[1] for _ in range(3)]
    assert texts(seen) == ["1", "2", "3"]
    assert sorted(one["update_id"] for one in seen) == [
        one["update_id"] for one in seen
    ]


def test_a_refused_delivery_is_repeated_until_it_is_taken(bot, sandbox, hook):
    sandbox.set(**{"telegram.redelivery_ms": 20})
    hook.answers = [500, 503]
    bot.ok("setWebhook", url=hook.url)
    post(sandbox, "again")
    ids = [hook.next()[1]["update_id"] for _ in range(3)]
    assert len(set(ids)) == 1
    info = bot.ok("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 50")


def test_a_webhook_and_polling_exclude_each_other(bot, hook):
    bot.ok("setWebhook", url=hook.url)
    assert bot.refused("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert bot.send("deleteWebhook").json()["description"] == "Webhook was deleted"
    assert bot.updates() == []
    again = bot.send("deleteWebhook").json()
    assert again["description"] == "Webhook is already deleted"


def test_pending_updates_can_be_dropped(bot, sandbox, hook):
    post(sandbox, "old")
    bot.ok("setWebhook", url=hook.url, drop_pending_updates=True)
    assert bot.ok("getWebhookInfo")["pending_update_count"] == 0


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"url": "x://y"}, "invalid webhook URL specified"),
        (
            {"url": "http://app.example.org/h"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://app.example.org:8080/h"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        (
            {"url": "https://a.org/h", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
        (
            {"url": "https://a.org/h", "secret_token": "a" * 257},
            "secret token is too long",
        ),
    ],
)
def test_webhooks_that_cannot_be(bot, wish, reason):
    assert bot.refused("setWebhook", **wish) == f"400 Bad Request: {reason}"


def test_a_video_telegram_puts_off_answers_id_0_and_comes_back(bot, sandbox, tmp_path):
    """Case 10: the real id comes with a channel_post."""
    sandbox.set(**{"telegram.schedule_videos": True, "processing_ms": 50})
    clip = video(tmp_path / "clip.mp4", seconds=1).read_bytes()
    message = bot.ok("sendVideo", chat_id=CHANNEL, video=clip, caption="soon")
    assert message["message_id"] == 0
    (update,) = bot.updates(timeout=20)
    late = update["channel_post"]
    assert (late["message_id"], late["caption"]) == (1, "soon")
    unique = late["video"]["file_unique_id"]
    assert unique == message["video"]["file_unique_id"]
    (row,) = sandbox.ledger("telegram")
    assert (row["remote_id"], row["extra"]["scheduled"]) == ("1", True)


def test_setting_a_webhook_ends_a_poll_in_flight(bot, hook):
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(bot.send, "getUpdates", timeout=40)
        while not waiting.done():
            bot.ok("setWebhook", url=hook.url)
            bot.ok("setWebhook", url="")
        description = waiting.result().json().get("description", "")
    assert "setWebhook" in description or "webhook is active" in description


def test_a_webhook_that_is_not_there_is_reported(bot, sandbox):
    sandbox.set(**{"telegram.redelivery_ms": 10})
    bot.ok("setWebhook", url="http://127.0.0.1:9/none")
    post(sandbox, "x")
    while not (info := bot.ok("getWebhookInfo")).get("last_error_message"):
        assert info["pending_update_count"] == 1
    assert info["last_error_message"] == "Connection refused"
    words = bot.refused("setWebhook", url="https://a.org:x/h")
    assert words == "400 Bad Request: invalid webhook URL specified"
