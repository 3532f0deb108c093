"""Changing what was sent: edit, delete, pin."""

from __future__ import annotations

from typing import Any

from sandbox.state import Identity
from sandbox.telegram.arguments import Arguments
from sandbox.telegram.errors import bad_request
from sandbox.telegram.parts import Parts
from sandbox.telegram.posts import (
    KINDS,
    caption_content,
    media_content,
    text_content,
)
from sandbox.telegram.rows import Message
from sandbox.telegram.text import caption_text, message_text

DELETABLE_S = 48 * 3600
MAX_DELETED = 100
EDITABLE_MEDIA = ("photo", "video", "animation", "document", "audio")
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
TEXT_KEYS = ("text", "entities", "link_preview_options")
CAPTION_KEYS = ("caption", "caption_entities")


class Editing:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.world, self.chats, self.posts = parts.world, parts.chats, parts.posts

    async def text(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        styled = message_text(
            arguments.text("text"),
            arguments.text("parse_mode"),
            arguments.structure("entities"),
        )
        chat, message = self._editable(bot, arguments)
        if "text" not in message.content:
            raise bad_request("there is no text in the message to edit")
        preview = arguments.structure("link_preview_options", "link preview options")
        new = text_content(styled)
        new |= {"link_preview_options": preview} if preview else {}
        return self._change(chat, message, TEXT_KEYS, new)

    async def caption(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        styled = caption_text(
            arguments.text("caption"),
            arguments.text("parse_mode"),
            arguments.structure("caption_entities"),
        )
        chat, message = self._editable(bot, arguments)
        if "text" in message.content or "poll" in message.content:
            raise bad_request("there is no caption in the message to edit")
        return self._change(chat, message, CAPTION_KEYS, caption_content(styled))

    async def media(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        raw = arguments.structure("media", "input media")
        if not isinstance(raw, dict):
            raise bad_request("Can't parse InputMedia: expected an Object")
        kind = str(raw.get("type", ""))
        if kind not in EDITABLE_MEDIA:
            raise bad_request(f'Can\'t parse InputMedia: type "{kind}" is unsupported')
        styled = caption_text(
            str(raw.get("caption") or ""),
            str(raw.get("parse_mode") or ""),
            raw.get("caption_entities"),
        )
        chat, message = self._editable(bot, arguments)
        file = await self.parts.files.take(arguments, raw.get("media"), kind)
        new = media_content(file, {}) | caption_content(styled)
        return self._change(chat, message, (*KINDS, *CAPTION_KEYS, *TEXT_KEYS), new)

    def _editable(
        self, bot: Identity, arguments: Arguments
    ) -> tuple[Identity, Message]:
        chat = self.chats.joined(bot, arguments.text("chat_id"))
        message = self.posts.get(chat, arguments.integer("message_id"))
        if message is None:
            raise bad_request("message to edit not found")
        right = "can_edit_messages" if message.author != bot.id else "can_post_messages"
        if chat.kind == "channel" and not self.chats.may(bot, chat, right):
            raise bad_request("message can't be edited")
        return chat, message

    def _change(
        self,
        chat: Identity,
        message: Message,
        keys: tuple[str, ...],
        new: dict[str, Any],
    ) -> dict[str, Any]:
        old = {key: message.content[key] for key in keys if key in message.content}
        if old == new:
            raise bad_request(NOT_MODIFIED)
        kept = {key: val for key, val in message.content.items() if key not in keys}
        message.content = kept | new | {"edit_date": int(self.world.now())}
        self.world.state.touch()
        return self.posts.as_json(message, chat)

    async def delete(self, bot: Identity, arguments: Arguments) -> bool:
        ref = arguments.text("chat_id")
        if not ref:
            raise bad_request("Chat identifier is not specified")
        number = arguments.integer("message_id")
        if not number:
            raise bad_request("Message identifier is not specified")
        chat = self.chats.joined(bot, ref)
        message = self.posts.get(chat, number)
        if message is None:
            raise bad_request("message to delete not found")
        if not self._deletable(bot, chat, message):
            raise bad_request("message can't be deleted")
        self.posts.remove(message)
        return True

    async def delete_many(self, bot: Identity, arguments: Arguments) -> bool:
        """What is not there is passed over; what may not go stops all."""
        numbers = arguments.structure("message_ids")
        if not isinstance(numbers, list) or not numbers:
            raise bad_request("Message identifiers are not specified")
        if len(numbers) > MAX_DELETED:
            raise bad_request("Too many message identifiers specified")
        chat = self.chats.joined(bot, arguments.text("chat_id"))
        found = [self.posts.get(chat, int(number)) for number in numbers]
        messages = [message for message in found if message is not None]
        if not all(self._deletable(bot, chat, message) for message in messages):
            raise bad_request("message can't be deleted")
        for message in messages:
            self.posts.remove(message)
        return True

    def _deletable(self, bot: Identity, chat: Identity, message: Message) -> bool:
        """Own posts for 48 hours; with the right to delete, everything always."""
        if self.chats.may(bot, chat, "can_delete_messages"):
            return True
        if message.author != bot.id:
            return False
        fresh = message.date > self.world.now() - DELETABLE_S
        return fresh and (
            chat.kind != "channel" or self.chats.may(bot, chat, "can_post_messages")
        )

    async def pin(self, bot: Identity, arguments: Arguments) -> bool:
        chat = self.chats.joined(bot, arguments.text("chat_id"))
        message = self.posts.get(chat, arguments.integer("message_id"))
        if message is None:
            raise bad_request("message to pin not found")
        if chat.kind == "channel" and not self.chats.may(
            bot, chat, "can_edit_messages"
        ):
            raise bad_request("not enough rights to manage pinned messages in the chat")
        chat.extra["pinned"] = message.id
        self.world.state.touch()
        return True
