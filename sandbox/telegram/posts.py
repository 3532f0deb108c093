"""Messages in chats: how they are kept, shown to a bot and written down."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.ledger import Publication
from sandbox.state import Identity
from sandbox.telegram.chats import chat_json, permalink, user_json
from sandbox.telegram.entities import StyledText
from sandbox.telegram.files import InputFile
from sandbox.telegram.rows import Message
from sandbox.world import World


class Posts:
    """Message ids run up by one in each chat."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.state.table("telegram.messages", Message)

    def add(self, chat: Identity, author: Identity, content: dict[str, Any]) -> Message:
        number = self.world.state.serial(f"telegram.message.{chat.id}")
        message = Message(
            chat.id, number, int(self.world.now()), author.id, dict(content)
        )
        self.rows[f"{chat.id}:{number}"] = message
        self.world.state.touch()
        return message

    def get(self, chat: Identity, number: int) -> Message | None:
        message = self.rows.get(f"{chat.id}:{number}")
        return None if message is None or message.scheduled else message

    def of(self, chat: Identity) -> list[Message]:
        return [
            message
            for message in self.rows.values()
            if message.chat == chat.id and not message.scheduled
        ]

    def remove(self, message: Message) -> None:
        self.rows.pop(f"{message.chat}:{message.id}", None)
        self.world.state.touch()

    def as_json(self, message: Message, chat: Identity) -> dict[str, Any]:
        """A Message; posts of a channel come from the channel itself."""
        head: dict[str, Any] = {"message_id": 0 if message.scheduled else message.id}
        if chat.kind == "channel":
            head["sender_chat"] = chat_json(chat)
        else:
            author = self.world.state.identities[f"telegram:{message.author}"]
            head["from"] = user_json(author)
        place = {"chat": chat_json(chat), "date": message.date}
        return head | place | message.content

    def write_down(
        self,
        chat: Identity,
        bot: Identity,
        messages: list[Message],
        files: list[InputFile],
    ) -> None:
        """One ledger row a call; private chats publish nothing."""
        if chat.kind != "channel":
            return
        first = messages[0]
        self.world.publish(
            Publication(
                platform="telegram",
                profile=chat.id,
                kind="album" if len(messages) > 1 else kind_of(first),
                text=next(filter(None, map(text_of, messages)), ""),
                remote_id=str(first.id),
                permalink=permalink(chat, first.id),
                app=bot.id,
                media=[file.as_ledger() for file in files],
                extra={
                    "message_ids": [message.id for message in messages],
                    "scheduled": first.scheduled,
                    "entities": entities_of(first),
                },
            )
        )


KINDS = ("photo", "video", "animation", "document", "audio", "poll")


def kind_of(message: Message) -> str:
    return next((kind for kind in KINDS if kind in message.content), "text")


def text_of(message: Message) -> str:
    content = message.content
    if "poll" in content:
        return str(content["poll"]["question"])
    return str(content.get("text") or content.get("caption") or "")


def entities_of(message: Message) -> list[dict[str, Any]]:
    content = message.content
    found = content.get("entities") or content.get("caption_entities") or []
    return list(found)


def text_content(styled: StyledText) -> dict[str, Any]:
    return {"text": styled.text} | _entities("entities", styled)


def caption_content(styled: StyledText) -> dict[str, Any]:
    if not styled.text:
        return {}
    return {"caption": styled.text} | _entities("caption_entities", styled)


def _entities(name: str, styled: StyledText) -> dict[str, Any]:
    found = [entity.as_json() for entity in styled.entities]
    return {name: found} if found else {}


def media_content(file: InputFile, wish: dict[str, int]) -> dict[str, Any]:
    """The file as it stands in a message; `wish` has the caller's own measures."""
    stored = file.stored
    if stored.kind == "photo":
        return {"photo": file.photo_sizes}
    about: dict[str, Any] = {
        "file_name": stored.name,
        "mime_type": stored.facts["mime"],
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.facts["size"],
    }
    if stored.kind in ("video", "animation"):
        about = _measures(stored.facts, wish) | about
    if stored.kind == "audio":
        about = {"duration": wish.get("duration", 0)} | about
    shown = {stored.kind: about}
    # Old clients know animations as documents only.
    return shown | ({"document": about} if stored.kind == "animation" else {})


def _measures(facts: dict[str, Any], wish: dict[str, int]) -> dict[str, Any]:
    """Telegram believes what the caller says and shows a square if it is silent."""
    return {
        "duration": wish.get("duration") or round(facts["duration"]),
        "width": wish.get("width") or 320,
        "height": wish.get("height") or 320,
    }


def album_id() -> str:
    return str(10**16 + secrets.randbelow(9 * 10**16))
