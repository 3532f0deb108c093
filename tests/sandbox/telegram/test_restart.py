"""State survives a restart of the sandbox, and so does work in flight."""

from __future__ import annotations

from tests.sandbox.telegram.bot import CHANNEL, Bot, administrator
from tests.support.files import small_jpeg, video
from tests.support.sandbox import Sandbox


def test_posts_updates_files_and_rights_return(tmp_path):
    state = tmp_path / "state.json"
    with Sandbox(state=state) as sandbox:
        bot = administrator(sandbox)
        photo = bot.ok("sendPhoto", chat_id=CHANNEL, photo=small_jpeg())["photo"][-1]
        sandbox.post_directly("telegram", CHANNEL, text="kept")
    with Sandbox(state=state) as sandbox:
        bot = Bot(sandbox)
        again = bot.ok("sendPhoto", chat_id=CHANNEL, photo=photo["file_id"])
        assert again["message_id"] == 3
        assert [u["channel_post"]["text"] for u in bot.updates()] == ["kept"]
        assert len(sandbox.ledger("telegram")) == 2


def test_a_post_that_was_put_off_still_goes_out(tmp_path):
    state = tmp_path / "state.json"
    clip = video(tmp_path / "clip.mp4", seconds=1).read_bytes()
    with Sandbox(state=state) as sandbox:
        sandbox.set(**{"telegram.schedule_videos": True, "processing_ms": 60_000})
        bot = administrator(sandbox)
        assert bot.ok("sendVideo", chat_id=CHANNEL, video=clip)["message_id"] == 0
    with Sandbox(state=state) as sandbox:
        (update,) = Bot(sandbox).updates(timeout=30)
        assert update["channel_post"]["message_id"] == 1


def test_a_webhook_is_delivered_to_after_a_restart(tmp_path):
    state = tmp_path / "state.json"
    with Sandbox(state=state) as sandbox:
        bot = administrator(sandbox)
        bot.ok("setWebhook", url="http://127.0.0.1:9/none", secret_token="s")
    with Sandbox(state=state) as sandbox:
        sandbox.set(**{"telegram.redelivery_ms": 10})
        sandbox.post_directly("telegram", CHANNEL, text="x")
        bot = Bot(sandbox)
        while not (info := bot.ok("getWebhookInfo")).get("last_error_message"):
            assert info["pending_update_count"] == 1
        assert info["last_error_message"] == "Connection refused"
