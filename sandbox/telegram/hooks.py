"""What the control API can do to channels, people and bots."""

from __future__ import annotations

from typing import Any

from sandbox.state import Identity
from sandbox.telegram.app import AppPages
from sandbox.telegram.entities import StyledText, clean, settle
from sandbox.telegram.parts import Parts
from sandbox.telegram.people import People
from sandbox.telegram.posts import text_content
from sandbox.telegram.rows import Member
from sandbox.telegram.standing import Standing

POST = "can_post_messages"


class Hooks:
    def __init__(
        self, parts: Parts, people: People, standing: Standing, pages: AppPages
    ) -> None:
        self.parts, self.people = parts, people
        self.standing, self.pages = standing, pages
        self.chats, self.state = parts.chats, parts.world.state

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """The default bot in a channel or in a private chat, and its token."""
        bot = self.people.default_bot()
        if identity.kind == "channel":
            self._promote(bot, identity, request)
        elif identity.kind == "user":
            self.chats.put(Member(identity.id, bot.id, "member"))
            if request.get("start"):
                self.pages.write_to_bot(identity, bot, f"/start {request['start']}")
        return {"token": bot.extra["token"], "chat_id": int(identity.id)}

    def _promote(
        self, bot: Identity, channel: Identity, request: dict[str, Any]
    ) -> None:
        rights = set(request.get("rights") or [POST])
        if request.get("notify"):
            owner = self.standing.owner(channel)
            self.standing.promote(bot, channel, owner, rights)
        else:
            self.chats.promote(bot, channel, rights)

    def revoke(self, identity: Identity, reason: str) -> int:
        """A bot's token, a user's chat with the bot, or the bot in a channel."""
        if identity.kind == "bot":
            identity.extra["revoked"] = True
            self.state.touch()
            return 1
        if identity.kind == "user":
            bot = self.people.default_bot()
            self.standing.dismiss(bot, identity, identity, "kicked")
            return 1
        status = reason if reason in ("left", "member") else "kicked"
        owner, bots = self.standing.owner(identity), self._bots_in(identity)
        for bot in bots:
            self.standing.dismiss(bot, identity, owner, status)
        return len(bots)

    def withdraw(self, channel: Identity, names: list[str]) -> int:
        full = {name if name.startswith("can_") else f"can_{name}" for name in names}
        owner = self.standing.owner(channel)
        return sum(
            self.standing.withdraw(bot, channel, owner, full)
            for bot in self._bots_in(channel)
        )

    def _bots_in(self, chat: Identity) -> list[Identity]:
        admins = self.chats.administrators(chat)
        people = [self.state.identities[f"telegram:{admin.user}"] for admin in admins]
        return [person for person in people if person.kind == "bot"]

    def post(self, identity: Identity, text: str) -> dict[str, Any]:
        """A channel's owner posts, or a user writes to the bot."""
        if identity.kind == "user":
            bot = self.people.default_bot()
            return self.pages.write_to_bot(identity, bot, text)
        styled = settle(clean(StyledText(text)))
        owner = self.standing.owner(identity)
        message = self.parts.posts.add(identity, owner, text_content(styled))
        post = self.parts.posts.as_json(message, identity)
        for bot in self._bots_in(identity):
            self.parts.updates.add(bot.id, "channel_post", post)
        return post
