"""Making a bot administrator of a channel and taking it back, as people do it."""

from __future__ import annotations

from sandbox.state import Identity
from sandbox.telegram.chats import chat_json, member_json, user_json
from sandbox.telegram.parts import Parts
from sandbox.telegram.rows import Member


class Standing:
    """Each change is told to the bot as `my_chat_member`."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.chats = parts, parts.chats

    def promote(
        self, bot: Identity, chat: Identity, by: Identity, rights: set[str]
    ) -> None:
        old = self._now(bot, chat)
        self._tell(bot, chat, by, old, self.chats.promote(bot, chat, rights))

    def dismiss(self, bot: Identity, chat: Identity, by: Identity, status: str) -> None:
        old = self._now(bot, chat)
        self._tell(bot, chat, by, old, self.chats.dismiss(bot, chat, status))

    def withdraw(
        self, bot: Identity, chat: Identity, by: Identity, names: set[str]
    ) -> bool:
        """Take single rights away; False if the bot had none of them."""
        old = self._now(bot, chat)
        given = {name for name, has in old.rights.items() if has}
        if not given & names:
            return False
        self.promote(bot, chat, by, given - names)
        return True

    def _now(self, bot: Identity, chat: Identity) -> Member:
        return self.chats.member(chat, bot.id) or Member(chat.id, bot.id, "left")

    def _tell(
        self, bot: Identity, chat: Identity, by: Identity, old: Member, new: Member
    ) -> None:
        payload = {
            "chat": chat_json(chat),
            "from": user_json(by),
            "date": int(self.parts.world.now()),
            "old_chat_member": member_json(old, bot),
            "new_chat_member": member_json(new, bot),
        }
        self.parts.updates.add(bot.id, "my_chat_member", payload)

    def owner(self, chat: Identity) -> Identity:
        state = self.parts.world.state
        return state.identities[f"telegram:{chat.extra['owner']}"]
