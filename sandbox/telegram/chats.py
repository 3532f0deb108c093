"""Users, channels and who may do what in them."""

from __future__ import annotations

from typing import Any

from sandbox.state import Identity
from sandbox.telegram.errors import BotError, bad_request
from sandbox.telegram.rows import CHANNEL_RIGHTS, Member
from sandbox.world import World

ADMINISTRATORS = ("creator", "administrator")
# `can_manage_chat` comes with any administrator, the last two with posting.
IMPLIED = {"can_manage_chat": "", "can_manage_video_chats": "can_post_messages"}
CHANNEL_PREFIX = "-100"


class Chats:
    """Channels and users are the sandbox's identities; standings are rows here."""

    def __init__(self, world: World) -> None:
        self.state = world.state
        self.members = world.state.table("telegram.members", Member)

    def identities(self, kind: str) -> list[Identity]:
        everyone = self.state.identities_of("telegram")
        return [identity for identity in everyone if identity.kind == kind]

    def lookup(self, ref: str) -> Identity | None:
        """By number, or by @username without regard to case."""
        if not ref.startswith("@"):
            return self.state.identities.get(f"telegram:{ref}")
        name = ref[1:].lower()
        return next(
            (
                who
                for who in self.identities("channel")
                if username(who).lower() == name
            ),
            None,
        )

    def member(self, chat: Identity, user: str) -> Member | None:
        return self.members.get(f"{chat.id}:{user}")

    def put(self, member: Member) -> Member:
        self.members[f"{member.chat}:{member.user}"] = member
        self.state.touch()
        return member

    def administrators(self, chat: Identity) -> list[Member]:
        return [
            member
            for member in self.members.values()
            if member.chat == chat.id and member.status in ADMINISTRATORS
        ]

    def channels_of(self, user: Identity) -> list[Identity]:
        """Where this person may add administrators."""
        return [
            channel
            for channel in self.identities("channel")
            if (member := self.member(channel, user.id))
            and member.status in ADMINISTRATORS
            and member.may("can_promote_members")
        ]

    def known(self, bot: Identity, ref: str) -> Identity:
        """The chat a call names; what the bot never met does not exist for it."""
        if not ref:
            raise bad_request("chat_id is empty")
        chat = self.lookup(ref)
        if chat is None or chat.kind == "bot":
            raise bad_request("chat not found")
        if self.member(chat, bot.id) is None and not username_if_public(chat):
            raise bad_request("chat not found")
        return chat

    def readable(self, bot: Identity, ref: str, *, members: bool = False) -> Identity:
        """Public channels are open to all; their member lists are not."""
        chat = self.known(bot, ref)
        standing = self._standing(bot, chat)
        if chat.kind != "channel":
            return chat
        if standing == "kicked":
            raise BotError(403, "bot was kicked from the channel chat")
        if standing == "left" and not username(chat):
            raise BotError(403, "bot is not a member of the channel chat")
        if members and standing not in ADMINISTRATORS:
            raise bad_request("Member list is inaccessible")
        return chat

    def joined(self, bot: Identity, ref: str) -> Identity:
        """A chat the bot is in, as every writing call needs."""
        chat = self.known(bot, ref)
        standing = self._standing(bot, chat)
        if chat.kind != "channel":
            if standing == "kicked":
                raise BotError(403, "bot was blocked by the user")
            return chat
        if standing == "kicked":
            raise BotError(403, "bot was kicked from the channel chat")
        if standing == "left":
            raise BotError(403, "bot is not a member of the channel chat")
        return chat

    def writable(self, bot: Identity, ref: str) -> Identity:
        chat = self.joined(bot, ref)
        if chat.kind == "channel" and not self.may(bot, chat, "can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def may(self, bot: Identity, chat: Identity, right: str) -> bool:
        member = self.member(chat, bot.id)
        return member is not None and member.may(right)

    def _standing(self, bot: Identity, chat: Identity) -> str:
        member = self.member(chat, bot.id)
        return member.status if member else "left"

    def promote(self, bot: Identity, chat: Identity, rights: set[str]) -> Member:
        """The bot as administrator with these rights and those that come along."""
        granted = {name: name in rights for name in CHANNEL_RIGHTS}
        for name, needs in IMPLIED.items():
            granted[name] = not needs or needs in rights
        return self.put(Member(chat.id, bot.id, "administrator", granted))

    def dismiss(self, bot: Identity, chat: Identity, status: str) -> Member:
        """`member`, `left` or `kicked`: nothing to say in the channel any more."""
        return self.put(Member(chat.id, bot.id, status))


def username(who: Identity) -> str:
    return str(who.extra.get("username") or "")


def username_if_public(chat: Identity) -> str:
    return username(chat) if chat.kind == "channel" else ""


def user_json(user: Identity) -> dict[str, Any]:
    first, _, last = user.name.partition(" ")
    number = {"id": int(user.id), "is_bot": user.kind == "bot", "first_name": first}
    if user.kind == "bot":
        return number | {"first_name": user.name, "username": user.handle}
    named = {"last_name": last} if last else {}
    short = {"username": username(user)} if username(user) else {}
    return number | named | short | {"language_code": "en"}


def chat_json(chat: Identity) -> dict[str, Any]:
    """Chat as it stands in messages and updates."""
    short = {"username": username(chat)} if username(chat) else {}
    if chat.kind == "channel":
        return {"id": int(chat.id), "title": chat.name, **short, "type": "channel"}
    first, _, last = chat.name.partition(" ")
    named = {"first_name": first} | ({"last_name": last} if last else {})
    return {"id": int(chat.id), **named, **short, "type": "private"}


def member_json(member: Member, user: Identity) -> dict[str, Any]:
    person = user_json(user)
    person.pop("language_code", None)
    about: dict[str, Any] = {"user": person, "status": member.status}
    if member.status == "creator":
        return about | {"is_anonymous": False}
    if member.status == "administrator":
        rights = {name: bool(member.rights.get(name)) for name in CHANNEL_RIGHTS}
        return about | {"can_be_edited": False, **rights, "is_anonymous": False}
    return about | ({"until_date": 0} if member.status == "kicked" else {})


def permalink(chat: Identity, message_id: int) -> str:
    """Only the leading -100 goes; the same digits may come again further on."""
    if username(chat):
        return f"https://t.me/{username(chat)}/{message_id}"
    return f"https://t.me/c/{chat.id.removeprefix(CHANNEL_PREFIX)}/{message_id}"


def default_channel_id(serial: int) -> str:
    """Stable in one run, beyond 32 bits as real ones are."""
    return f"{CHANNEL_PREFIX}{2_100_000_000 + serial}"
