"""What the bot hears, as events of connecting. Pure: polling and webhook share it.

Updates come from strangers: whatever has an unexpected shape is no event.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from platforms.telegram.api import Member, member_of
from platforms.types import CodeSeen, Identity, RoleSeen, Token

Event = CodeSeen | RoleSeen

CODE = r"([A-Za-z0-9_-]{16,64})"
_START = re.compile(rf"/start(?:@\w+)? {CODE}")
_CONNECT = re.compile(rf"/connect(?:@\w+)? {CODE}")

NOT_A_CHANNEL = "Later posts to channels only; this is a group."
ADMINISTRATORS = ("creator", "administrator")


@dataclass(frozen=True)
class Claim:
    """A `/connect <code>` posted in a channel; its administrators are yet to be asked."""

    code: str
    identity: Identity


def events_of(update: Any) -> tuple[Event, ...]:
    """The events an update holds: a code shown to the bot, rights given or taken."""
    for read in (_code_seen, _role_seen):
        event = _tolerant(read, update)
        if event is not None:
            return (event,)
    return ()


def claim_of(update: Any) -> Claim | None:
    """A code posted in a channel, where Telegram doesn't say by whom."""
    claim: Claim | None = _tolerant(_claim, update)
    return claim


def roles_of(
    identity: Identity, members: list[Member], bot_id: str
) -> tuple[RoleSeen, ...]:
    """The channel as each person sees it who may post there."""
    granted = next((rights_of(m) for m in members if m.user_id == bot_id), ())
    return tuple(
        RoleSeen(member.user_id, with_rights(identity, granted), granted)
        for member in members
        if not member.is_bot and may_post(member)
    )


def may_post(member: Member) -> bool:
    if member.status == "administrator":
        return "can_post_messages" in member.rights
    return member.status == "creator"


def rights_of(member: Member) -> tuple[str, ...]:
    """What the bot may do; `can_be_edited` is about its entry, not a right."""
    if member.status != "administrator":
        return ()
    return tuple(right for right in member.rights if right != "can_be_edited")


def channel_of(chat: Any) -> Identity:
    """A Chat as an identity: https://core.telegram.org/bots/api#chat"""
    is_channel = chat["type"] == "channel"
    username = str(chat.get("username") or "")
    return Identity(
        external_id=str(int(chat["id"])),
        name=str(chat.get("title") or username),
        handle=username,
        kind="channel" if is_channel else "group",
        refused="" if is_channel else NOT_A_CHANNEL,
        token=Token(access=""),
        data={"username": username},
    )


def with_rights(identity: Identity, granted: tuple[str, ...]) -> Identity:
    """The channel with the bot's standing. Its token is the operator's, not ours."""
    role = "Administrator" if granted else "No rights"
    return Identity(
        external_id=identity.external_id,
        name=identity.name,
        handle=identity.handle,
        kind=identity.kind,
        role=role,
        refused=identity.refused,
        token=Token(access="", scopes=granted),
        data=identity.data,
    )


def _tolerant(read: Callable[[Any], Any], update: Any) -> Any:
    try:
        return read(update)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _code_seen(update: Any) -> CodeSeen | None:
    message = update["message"]
    found = _START.fullmatch(message["text"].strip())
    if found is None or message["chat"]["type"] != "private":
        return None
    person = message["from"]
    names = (person.get("first_name"), person.get("last_name"))
    return CodeSeen(
        code=found.group(1),
        person_id=str(int(person["id"])),
        name=" ".join(str(name) for name in names if name),
    )


def _role_seen(update: Any) -> RoleSeen | None:
    change = update["my_chat_member"]
    if change["chat"]["type"] == "private":
        return None
    granted = rights_of(member_of(change["new_chat_member"]))
    identity = with_rights(channel_of(change["chat"]), granted)
    return RoleSeen(_person(change["from"]), identity, granted)


def _person(user: Any) -> str:
    """Administrators may act under a mask of Telegram's; then nobody is known."""
    return "" if user.get("is_bot") is True else str(int(user["id"]))


def _claim(update: Any) -> Claim | None:
    post = update["channel_post"]
    found = _CONNECT.fullmatch(post["text"].strip())
    if found is None:
        return None
    return Claim(found.group(1), channel_of(post["chat"]))
