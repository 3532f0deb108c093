"""Flood control: per channel, per bot, for uploads of one size; faults of the core."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.sandbox.telegram.bot import CHANNEL, PRIVATE, administrator


def text(bot, channel=CHANNEL):
    return bot.send("sendMessage", chat_id=channel, text="x")


def test_a_channel_takes_20_messages_a_minute(bot, sandbox):
    """Case 6: only this channel waits, and only as long as it is told."""
    administrator(sandbox, channel=PRIVATE)
    sandbox.set(**{"telegram.bot_per_second": 0})
    for _ in range(20):
        assert text(bot).status_code == 200
    refused = text(bot)
    body = refused.json()
    wait = body["parameters"]["retry_after"]
    assert (refused.status_code, body["error_code"]) == (429, 429)
    assert body["description"] == f"Too Many Requests: retry after {wait}"
    assert refused.headers["Retry-After"] == str(wait)
    assert 50 <= wait <= 60
    assert text(bot, PRIVATE).status_code == 200
    sandbox.advance(wait)
    assert text(bot).status_code == 200


def test_an_album_counts_as_its_items(bot, sandbox):
    sandbox.set(**{"telegram.chat_per_minute": 3})
    assert text(bot).status_code == 200
    items = [{"type": "photo", "media": "x"}] * 3
    answer = bot.send("sendMediaGroup", chat_id=CHANNEL, media=items)
    assert answer.status_code == 429


def test_the_bot_as_a_whole_has_a_limit_per_second(bot, sandbox):
    sandbox.set(**{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 2})
    codes = [text(bot).status_code for _ in range(6)]
    assert codes[:2] == [200, 200]
    assert 429 in codes


def test_without_limits_nothing_is_held_back(bot, sandbox):
    sandbox.set(**{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0})
    assert {text(bot).status_code for _ in range(40)} == {200}


def test_many_uploads_of_one_size_are_refused_in_the_end(bot, sandbox):
    """Held back one after the other; beyond 5 seconds: retry after 60."""
    sandbox.set(**{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0})
    url, data = f"{bot.base}/sendDocument", {"chat_id": CHANNEL}
    large = b"\0" * 9_000_000
    codes = send_at_once(url, data, large, 12)
    assert codes.count(429) >= 1
    sandbox.set(**{"telegram.upload_pacing": False})
    assert send_at_once(url, data, large, 2) == [200, 200]


def send_at_once(url, data, large, times):
    def one(number):
        files = {"document": (f"{number}.bin", large)}
        return requests.post(url, data=data, files=files, timeout=60).status_code

    with ThreadPoolExecutor(times) as pool:
        return sorted(pool.map(one, range(times)))


def test_a_fault_answers_in_telegrams_own_shape(bot, sandbox):
    sandbox.fault("rate_limited", platform="telegram", step="sendMessage")
    assert bot.refused("sendMessage", chat_id=CHANNEL, text="x") == (
        "429 Too Many Requests: retry after 37"
    )
    sandbox.fault("error", platform="telegram", detail={"reason": "restart"})
    assert bot.refused("getMe") == "500 Internal Server Error: restart"
    moved = {
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": -1009},
    }
    sandbox.fault("error", platform="telegram", status=400, detail=moved)
    assert text(bot).json()["parameters"] == {"migrate_to_chat_id": -1009}
    assert sandbox.ledger("telegram") == []


def test_hanging_up_after_the_commit_leaves_the_post_in_the_channel(bot, sandbox):
    """Case 9: the caller learns nothing, the message is out."""
    sandbox.fault("cut_after", platform="telegram", step="sendMessage", profile=CHANNEL)
    with pytest.raises(requests.ConnectionError):
        text(bot)
    assert [row["text"] for row in sandbox.ledger("telegram")] == ["x"]
