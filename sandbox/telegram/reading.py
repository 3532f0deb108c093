"""Looking at the bot, at chats and their people; leaving a chat."""

from __future__ import annotations

from typing import Any

from sandbox.state import Identity
from sandbox.telegram.arguments import Arguments
from sandbox.telegram.avatars import avatar_file_id
from sandbox.telegram.chats import chat_json, member_json, user_json
from sandbox.telegram.errors import bad_request
from sandbox.telegram.parts import Parts
from sandbox.telegram.rows import Member

SUBSCRIBERS = 1


class Reading:
    def __init__(self, parts: Parts) -> None:
        self.parts, self.chats = parts, parts.chats
        self.state = parts.world.state

    async def me(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return user_json(bot) | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    async def chat(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        """ChatFullInfo, as far as a channel or a person has it here."""
        chat = self.chats.readable(bot, arguments.text("chat_id"))
        full = chat_json(chat) | {
            "accent_color_id": int(chat.id) % 7,
            "max_reaction_count": 11,
            "photo": {
                "small_file_id": avatar_file_id(chat, "small"),
                "small_file_unique_id": f"AQADs{chat.id}",
                "big_file_id": avatar_file_id(chat, "big"),
                "big_file_unique_id": f"AQADb{chat.id}",
            },
        }
        about = str(chat.extra.get("description") or "")
        full |= {"description": about} if about else {}
        linked = chat.extra.get("linked_chat_id")
        full |= {"linked_chat_id": int(linked)} if linked else {}
        pinned = self.parts.posts.get(chat, int(chat.extra.get("pinned") or 0))
        if pinned is not None:
            full["pinned_message"] = self.parts.posts.as_json(pinned, chat)
        return full

    async def member(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        user_id = arguments.integer("user_id")
        if user_id <= 0:
            raise bad_request("invalid user_id specified")
        ref = arguments.text("chat_id")
        own = str(user_id) == bot.id
        chat = self.chats.readable(bot, ref, members=not own)
        user = self.state.identities.get(f"telegram:{user_id}")
        if user is None or user.kind == "channel":
            raise bad_request("PARTICIPANT_ID_INVALID")
        member = self.chats.member(chat, user.id) or Member(chat.id, user.id, "left")
        return member_json(member, user)

    async def administrators(
        self, bot: Identity, arguments: Arguments
    ) -> list[dict[str, Any]]:
        """The owner first; other bots are left out."""
        chat = self.chats.readable(bot, arguments.text("chat_id"), members=True)
        if chat.kind != "channel":
            raise bad_request("there are no administrators in the private chat")
        members = sorted(
            self.chats.administrators(chat),
            key=lambda member: member.status != "creator",
        )
        people = [(m, self.state.identities[f"telegram:{m.user}"]) for m in members]
        return [
            member_json(member, user)
            for member, user in people
            if user.kind != "bot" or user.id == bot.id
        ]

    async def member_count(self, bot: Identity, arguments: Arguments) -> int:
        chat = self.chats.readable(bot, arguments.text("chat_id"))
        return int(chat.extra.get("subscribers", SUBSCRIBERS))

    async def leave(self, bot: Identity, arguments: Arguments) -> bool:
        chat = self.chats.readable(bot, arguments.text("chat_id"))
        if chat.kind != "channel":
            raise bad_request("chat member status can't be changed in private chats")
        self.chats.dismiss(bot, chat, "left")
        return True
