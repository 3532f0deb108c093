"""The process: hosts, restarts, endings, many calls at once, memory."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import psutil
import pytest
import requests

from tests.sandbox.instagram.graph import good, profile
from tests.support.sandbox import Sandbox

MANY = 200


def test_an_unknown_host_is_named(sandbox):
    answer = requests.get(f"{sandbox.url}/myspace.com/tom", timeout=10)
    assert answer.status_code == 502
    assert "myspace.com" in answer.text


def test_an_unknown_path_of_a_known_host_is_the_platform_s_404(sandbox):
    address = f"{sandbox.url}/graph.instagram.com/v26.0/1/2/3"
    answer = requests.get(address, timeout=10)
    assert answer.status_code == 404
    assert answer.json()["error"]["fbtrace_id"]


def test_hosts_are_known_in_any_case(sandbox):
    lena = profile(sandbox, "lena.studio")
    address = f"{sandbox.url}/Graph.Instagram.com/v26.0/me"
    assert good(requests.get(address, params={"access_token": lena.token}, timeout=9))


def test_tokens_posts_and_numbers_survive_a_restart(tmp_path):
    state = tmp_path / "sandbox.json"
    with Sandbox(state=state) as first:
        first.set(fetch_media=False, processing_ms=0)
        lena = profile(first, "lena.studio")
        media = lena.publish(lena.create(image_url="http://127.0.0.1/x.jpg"))
        waiting = lena.create(image_url="http://127.0.0.1/y.jpg")
        before = first.ledger()
    with Sandbox(state=state, port=first.port) as second:
        assert second.ledger() == before
        assert good(lena.get(media, fields="permalink"))
        assert lena.publish(waiting) != media
        assert second.quota("instagram", lena.id)["used"] == 2


def test_a_platform_newer_than_the_snapshot_begins_with_its_seed(tmp_path):
    state = tmp_path / "sandbox.json"
    with Sandbox(state=state) as first:
        first.token("instagram", "lena.studio")
    saved = json.loads(state.read_text())
    people = saved["tables"]["identities"]
    kept = {key: row for key, row in people.items() if row["platform"] == "telegram"}
    saved["tables"]["identities"] = kept
    state.write_text(json.dumps(saved))
    with Sandbox(state=state) as second:
        assert second.token("instagram", "lena.studio")


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes a connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/never.mp4"


def test_a_video_on_its_way_fails_when_the_process_ends(tmp_path, silent):
    state = tmp_path / "sandbox.json"
    form = {"media_type": "REELS", "video_url": silent}
    with Sandbox(state=state) as first:
        lena = profile(first, "lena.studio")
        container = lena.create(**form)
    with Sandbox(state=state, port=first.port):
        assert lena.status(container)["status"].endswith("2207053")


def test_the_snapshot_is_whole_at_any_moment(tmp_path):
    """Written beside its place and moved: a kill leaves the last good one."""
    state = tmp_path / "sandbox.json"
    with Sandbox(state=state) as running:
        running.token("instagram", "lena.studio")
        for _ in range(100):
            if state.exists():
                break
            time.sleep(0.05)
        assert running.process is not None
        running.process.kill()
        running.process.wait()
    assert json.loads(state.read_text())["tables"]["tokens"]


def test_sigterm_ends_it_within_a_second_even_while_calls_hang():
    with Sandbox() as running:
        lena = profile(running, "lena.studio")
        running.fault("hang", platform="instagram", delay_ms=60_000)
        with pytest.raises(requests.ReadTimeout):
            requests.get(
                f"{lena.base}/me", params={"access_token": lena.token}, timeout=0.2
            )
        assert running.stop() < 1.0


def test_the_latency_option_holds_after_a_reset():
    with Sandbox(latency_ms=150) as running:
        running.reset()
        lena = profile(running, "lena.studio")
        start = time.monotonic()
        lena.get("me")
        assert time.monotonic() - start >= 0.15


async def _ask_many(address: str) -> tuple[float, list[int]]:
    connector = aiohttp.TCPConnector(limit=MANY)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask() -> int:
            async with session.get(address) as answer:
                await answer.read()
                return answer.status

        await asyncio.gather(*(ask() for _ in range(MANY)))
        start = time.monotonic()
        statuses = await asyncio.gather(*(ask() for _ in range(MANY)))
        return time.monotonic() - start, statuses


def ask_many(address: str) -> tuple[float, list[int]]:
    """In a thread of its own: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_ask_many(address))).result()


def test_200_calls_wait_out_their_latency_together():
    """One after the other they would take 20 seconds, and a thread each much memory."""
    with Sandbox(latency_ms=100) as running:
        lena = profile(running, "lena.studio")
        address = f"{lena.base}/me?access_token={lena.token}"
        took, statuses = ask_many(address)
        assert set(statuses) == {200}
        assert took < 5.0
        assert running.process is not None
        memory = psutil.Process(running.process.pid).memory_info().rss
        assert memory < 80 * 1024 * 1024
