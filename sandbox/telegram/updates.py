"""Updates for a bot: kept until confirmed, asked for or delivered to a webhook."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from sandbox.state import LASTING
from sandbox.telegram.errors import BotError, bad_request
from sandbox.telegram.rows import Inbox, Update
from sandbox.world import World

FIRST_UPDATE_ID = 580_000_000
KEPT_S = 24 * 3600
MAX_POLL_S = 50
MAX_LIMIT = 100
SECRET = re.compile(r"[A-Za-z0-9_-]*")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PORTS = frozenset({80, 88, 443, 8443})
LONGEST_PAUSE = 64
# Kinds a bot gets only when it names them.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
OTHER_POLL = (
    "terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Updates:
    """The queue of each bot and the one consumer it may have."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.state.table("telegram.updates", Update)
        self.inboxes = world.state.table("telegram.inboxes", Inbox)
        self._news: dict[str, asyncio.Event] = {}
        self._turn: dict[str, int] = {}
        self._delivering: set[str] = set()

    def forget(self) -> None:
        """After a reset nobody waits any more."""
        self._news.clear()
        self._turn.clear()
        self._delivering.clear()

    def resume(self) -> None:
        """Deliveries went down with the process; webhooks are remembered."""
        for inbox in self.inboxes.values():
            if inbox.url:
                self.world.spawn(self.deliver(inbox.bot))

    def inbox(self, bot: str) -> Inbox:
        return self.inboxes.setdefault(bot, Inbox(bot))

    def add(self, bot: str, kind: str, payload: dict[str, Any]) -> None:
        """Queue one update if the bot wants its kind."""
        allowed = self.inbox(bot).allowed
        if kind not in allowed if allowed else kind in ON_REQUEST:
            return
        number = FIRST_UPDATE_ID + self.world.state.serial(f"{LASTING}telegram.update")
        update = Update(number, bot, kind, payload, self.world.now())
        self.rows[str(number)] = update
        self.world.state.touch()
        self._event(bot).set()

    def pending(self, bot: str) -> list[Update]:
        """Oldest first; what is older than a day is gone."""
        oldest = self.world.now() - KEPT_S
        stale = [key for key, row in self.rows.items() if row.created_at < oldest]
        for key in stale:
            del self.rows[key]
        return [row for row in self.rows.values() if row.bot == bot]

    def drop(self, updates: list[Update]) -> None:
        for update in updates:
            self.rows.pop(str(update.id), None)
        self.world.state.touch()

    async def poll(
        self, bot: str, offset: int, limit: int, timeout_s: int
    ) -> list[dict[str, Any]]:
        """getUpdates: all before `offset` are confirmed; waits for the first one."""
        if self.inbox(bot).url:
            raise BotError(409, WEBHOOK_ACTIVE)
        self._confirm(bot, offset)
        turn = self._begin(bot)
        deadline = asyncio.get_running_loop().time() + min(timeout_s, MAX_POLL_S)
        while not self.pending(bot):
            if not await self._wait(bot, deadline):
                break
            self._check_turn(bot, turn)
        return [
            {"update_id": row.id, row.kind: row.payload}
            for row in self.pending(bot)[: min(max(limit, 1), MAX_LIMIT)]
        ]

    def _confirm(self, bot: str, offset: int) -> None:
        rows = self.pending(bot)
        if offset < 0:
            self.drop(rows[:offset])
        else:
            self.drop([row for row in rows if row.id < offset])

    def _begin(self, bot: str) -> int:
        """The newest asker wins; the one before is told so."""
        self._turn[bot] = self._turn.get(bot, 0) + 1
        self._event(bot).set()
        self._news[bot] = asyncio.Event()
        return self._turn[bot]

    def _check_turn(self, bot: str, turn: int) -> None:
        if self.inbox(bot).url:
            raise BotError(409, "terminated by setWebhook request")
        if self._turn.get(bot) != turn:
            raise BotError(409, OTHER_POLL)

    async def _wait(self, bot: str, deadline: float) -> bool:
        """False when the time is over."""
        news = self._event(bot)
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        try:
            await asyncio.wait_for(news.wait(), left)
        except TimeoutError:
            return False
        news.clear()
        return True

    def _event(self, bot: str) -> asyncio.Event:
        return self._news.setdefault(bot, asyncio.Event())

    def set_webhook(self, bot: str, wish: Inbox) -> None:
        """BotError if the address or the secret will not do."""
        check_secret(wish.secret)
        check_address(wish.url)
        self.inboxes[bot] = wish
        self.world.state.touch()
        self._event(bot).set()
        self.world.spawn(self.deliver(bot))

    def delete_webhook(self, bot: str) -> None:
        self.inbox(bot).url = ""
        self.world.state.touch()
        self._event(bot).set()

    def webhook_info(self, bot: str) -> dict[str, Any]:
        inbox = self.inbox(bot)
        info: dict[str, Any] = {
            "url": inbox.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending(bot)),
        }
        if inbox.last_error_date:
            info["last_error_date"] = inbox.last_error_date
            info["last_error_message"] = inbox.last_error
        if inbox.url:
            info["max_connections"] = inbox.max_connections
            info["ip_address"] = "127.0.0.1"
        return info | ({"allowed_updates": inbox.allowed} if inbox.allowed else {})

    async def deliver(self, bot: str) -> None:
        """Until the webhook is taken away: one update after the other, in order."""
        if bot in self._delivering:
            return
        self._delivering.add(bot)
        timeout = aiohttp.ClientTimeout(total=30)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                while self.inbox(bot).url:
                    await self._deliver_next(session, bot)
        finally:
            self._delivering.discard(bot)

    async def _deliver_next(self, session: aiohttp.ClientSession, bot: str) -> None:
        waiting = self.pending(bot)
        if waiting:
            await self._hand_over(session, self.inbox(bot), waiting[0])
            return
        await self._event(bot).wait()
        self._event(bot).clear()

    async def _hand_over(
        self, session: aiohttp.ClientSession, inbox: Inbox, update: Update
    ) -> None:
        problem = await self._post(session, inbox, update)
        if not problem:
            self.drop([update])
            return
        inbox.last_error_date, inbox.last_error = int(self.world.now()), problem
        pause = min(2**update.failures, LONGEST_PAUSE)
        update.failures += 1
        unit = self.world.settings["telegram.redelivery_ms"] / 1000
        await asyncio.sleep(pause * unit)

    async def _post(
        self, session: aiohttp.ClientSession, inbox: Inbox, update: Update
    ) -> str:
        """Empty if taken, else what the admin sees as the last error."""
        body = {"update_id": update.id, update.kind: update.payload}
        headers = {"Content-Type": "application/json"}
        headers |= {SECRET_HEADER: inbox.secret} if inbox.secret else {}
        try:
            async with session.post(
                inbox.url, data=json.dumps(body), headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return ""
                words = f"{answer.status} {answer.reason}"
                return f"Wrong response from the webhook: {words}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"


def check_secret(secret: str) -> None:
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")


def check_address(url: str) -> None:
    """HTTPS on Telegram's ports; on this machine HTTP on any port.

    The exception is what a self-hosted Bot API server allows in local mode.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise bad_request("invalid webhook URL specified")
    if parts.hostname in LOOPBACK:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request(
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        )
