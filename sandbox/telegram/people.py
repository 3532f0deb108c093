"""The people, channels and the bot everyone may count on, and new ones on demand."""

from __future__ import annotations

import re
from typing import Any

from sandbox.state import Identity
from sandbox.telegram.chats import default_channel_id
from sandbox.telegram.parts import Parts
from sandbox.telegram.rows import CHANNEL_RIGHTS, Member

BOT_ID = "7700000001"
BOT_NAME = "later_sandbox_bot"
DEFAULT_TOKEN = f"{BOT_ID}:AAF-sandbox-token-of-no-real-bot-00"
TOKEN = re.compile(r"(\d{3,16}):([A-Za-z0-9_-]{35})")
USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
FIRST_USER_ID = 500_000_000
PEOPLE = (
    ("500000101", "maya_lindqvist", "Maya Lindqvist"),
    ("500000102", "noah_okafor", "Noah Okafor"),
    ("500000103", "harbor_talent", "Harbor Talent"),
)
# id, username, title, owner, description, subscribers
CHANNELS = (
    ("-1002000000101", "mayacooks", "Maya Cooks", "500000101", 18_240),
    ("-1002100100102", "", "Maya's test kitchen", "500000101", 64),
    ("-1002000000103", "trail_notes", "Trail notes", "500000102", 5_310),
    ("-1002000000104", "harbor_news", "Harbor news", "500000103", 920),
)


class People:
    def __init__(self, parts: Parts) -> None:
        self.parts, self.state = parts, parts.world.state

    def seed(self) -> None:
        self.state.add_identity(bot_identity(DEFAULT_TOKEN, BOT_NAME, "Later"))
        for user_id, name, spoken in PEOPLE:
            self.state.add_identity(user_identity(user_id, name, spoken))
        for channel_id, name, title, owner, subscribers in CHANNELS:
            channel = channel_identity(channel_id, name, title, owner)
            channel.extra["subscribers"] = subscribers
            self.state.add_identity(channel)
            self.own(channel, owner)

    def own(self, channel: Identity, owner: str) -> None:
        rights = dict.fromkeys(CHANNEL_RIGHTS, True)
        self.parts.chats.put(Member(channel.id, owner, "creator", rights))

    def make(self, wish: dict[str, Any]) -> Identity:
        """ValueError says what is wrong with the wish."""
        kind = str(wish.get("kind") or "channel")
        makers = {"channel": self._channel, "user": self._user, "bot": self._bot}
        if kind not in makers:
            raise ValueError("kind must be channel, user or bot.")
        return makers[kind](wish)

    def _channel(self, wish: dict[str, Any]) -> Identity:
        """`extra`: owner, private, subscribers, administrator, rights."""
        serial = self.state.serial("telegram.channel")
        extra = dict(wish.get("extra") or {})
        private = bool(extra.pop("private", False))
        name = str(wish.get("handle") or ("" if private else f"channel_{serial}"))
        check_username(name)
        owner = self._owner(str(extra.pop("owner", PEOPLE[0][0])))
        channel = channel_identity(
            str(wish.get("id") or default_channel_id(serial)),
            name,
            str(wish.get("name") or name or f"Channel {serial}"),
            owner.id,
        )
        administrator = extra.pop("administrator", False)
        rights = set(extra.pop("rights", None) or ["can_post_messages"])
        channel.extra |= extra
        self.own(channel, owner.id)
        if administrator:
            self.parts.chats.promote(self.default_bot(), channel, rights)
        return channel

    def _owner(self, ref: str) -> Identity:
        found = self.state.identity("telegram", ref)
        if found is None or found.kind != "user":
            raise ValueError(f"There is no Telegram user {ref!r}.")
        return found

    def _user(self, wish: dict[str, Any]) -> Identity:
        serial = self.state.serial("telegram.user")
        name = str(wish.get("handle") or f"person_{serial}")
        check_username(name)
        number = str(wish.get("id") or FIRST_USER_ID + serial)
        user = user_identity(number, name, str(wish.get("name") or name))
        user.extra |= dict(wish.get("extra") or {})
        return user

    def _bot(self, wish: dict[str, Any]) -> Identity:
        token = str((wish.get("extra") or {}).get("token") or "")
        if not TOKEN.fullmatch(token):
            raise ValueError(
                "extra.token must look like 123456789:AA… (35 characters)."
            )
        name = str(wish.get("handle") or "another_sandbox_bot")
        return bot_identity(token, name, str(wish.get("name") or name))

    def default_bot(self) -> Identity:
        return self.state.identities[f"telegram:{BOT_ID}"]


def check_username(name: str) -> None:
    if name and not USERNAME.fullmatch(name):
        raise ValueError("A username has 5 to 32 letters, digits and underscores.")


def bot_identity(token: str, name: str, spoken: str) -> Identity:
    number = token.partition(":")[0]
    extra = {"token": token, "username": name}
    return Identity(number, "telegram", name, spoken, "bot", extra)


def user_identity(number: str, name: str, spoken: str) -> Identity:
    return Identity(number, "telegram", name, spoken, "user", {"username": name})


def channel_identity(number: str, name: str, title: str, owner: str) -> Identity:
    extra = {"username": name, "owner": owner}
    return Identity(number, "telegram", name or title, title, "channel", extra)
