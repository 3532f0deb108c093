"""The send… methods: text, one file, albums and polls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from sandbox.state import Identity
from sandbox.telegram.arguments import Arguments
from sandbox.telegram.errors import BotError, bad_request
from sandbox.telegram.files import InputFile
from sandbox.telegram.parts import Parts
from sandbox.telegram.posts import (
    album_id,
    caption_content,
    media_content,
    text_content,
)
from sandbox.telegram.rows import Message
from sandbox.telegram.text import caption_text, message_text, styled_text

MAX_ALBUM = 10
ALBUM_TYPES = ("photo", "video", "document", "audio")
# These keep to their own kind in an album.
UNMIXED = {"document": "Document", "audio": "Audio"}
BACK_END = {
    "Failed to get HTTP URL content": "WEBPAGE_CURL_FAILED",
    "Wrong type of the web page content": "WEBPAGE_MEDIA_EMPTY",
}
MEASURES = ("width", "height", "duration")
OPTIONS = ("show_caption_above_media", "has_spoiler")
POLL_QUESTION = 300
POLL_OPTION = 100
POLL_OPTIONS = 12
POLL_OPEN_S = (5, 2_628_000)


@dataclass(slots=True)
class Item:
    """One item of an album as it was asked for."""

    media: Any
    kind: str
    caption: dict[str, Any]
    raw: dict[str, Any]


class Sending:
    def __init__(self, parts: Parts) -> None:
        self.world, self.chats = parts.world, parts.chats
        self.posts, self.files = parts.posts, parts.files
        self.flood, self.updates = parts.flood, parts.updates

    async def text(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        styled = message_text(
            arguments.text("text"),
            arguments.text("parse_mode"),
            arguments.structure("entities"),
        )
        content = text_content(styled)
        preview = arguments.structure("link_preview_options", "link preview options")
        if preview is not None:
            if not isinstance(preview, dict):
                raise bad_request("Object expected as link preview options")
            content["link_preview_options"] = preview
        return await self._send(bot, arguments, content, None)

    async def photo(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return await self._file(bot, arguments, "photo")

    async def video(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return await self._file(bot, arguments, "video")

    async def animation(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return await self._file(bot, arguments, "animation")

    async def document(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return await self._file(bot, arguments, "document")

    async def audio(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        return await self._file(bot, arguments, "audio")

    async def _file(
        self, bot: Identity, arguments: Arguments, kind: str
    ) -> dict[str, Any]:
        caption = caption_text(
            arguments.text("caption"),
            arguments.text("parse_mode"),
            arguments.structure("caption_entities"),
        )
        self.chats.writable(bot, arguments.text("chat_id"))
        await self.flood.pace_upload(bot.id, arguments.upload_size)
        value = arguments.given(kind)
        file = await self.files.take(arguments, value, kind)
        wish = {name: arguments.integer(name) for name in MEASURES}
        content = media_content(file, wish) | caption_content(caption)
        content |= {name: True for name in OPTIONS if arguments.flag(name)}
        return await self._send(bot, arguments, content, file)

    async def _send(
        self,
        bot: Identity,
        arguments: Arguments,
        content: dict[str, Any],
        file: InputFile | None,
    ) -> dict[str, Any]:
        chat = self.chats.writable(bot, arguments.text("chat_id"))
        content |= self._reply(chat, arguments)
        self.flood.count(bot.id, chat.id, 1)
        message = self.posts.add(chat, bot, content)
        if "video" in content and self.world.settings["telegram.schedule_videos"]:
            message.scheduled = True
            self.world.spawn(self.go_out(message))
        self.posts.write_down(chat, bot, [message], [file] if file else [])
        return self.posts.as_json(message, chat)

    async def go_out(self, message: Message) -> None:
        """A post Telegram put off comes back with its id as `channel_post`."""
        await asyncio.sleep(self.world.settings["processing_ms"] / 1000)
        message.scheduled = False
        self.world.state.touch()
        chat = self.world.identity("telegram", message.chat)
        post = self.posts.as_json(message, chat)
        self.updates.add(message.author, "channel_post", post)

    def resume(self) -> None:
        """What was put off when the process ended still goes out."""
        for message in self.posts.rows.values():
            if message.scheduled:
                self.world.spawn(self.go_out(message))

    def _reply(self, chat: Identity, arguments: Arguments) -> dict[str, Any]:
        reply = arguments.structure("reply_parameters", "reply parameters")
        if reply is None:
            return {}
        if not isinstance(reply, dict):
            raise bad_request("Object expected as reply parameters")
        answered = self.posts.get(chat, int(reply.get("message_id") or 0))
        if answered is not None:
            return {"reply_to_message": self.posts.as_json(answered, chat)}
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")

    async def album(self, bot: Identity, arguments: Arguments) -> list[dict[str, Any]]:
        items = read_album(arguments)
        chat = self.chats.writable(bot, arguments.text("chat_id"))
        reply = self._reply(chat, arguments)
        await self.flood.pace_upload(bot.id, arguments.upload_size)
        self.flood.count(bot.id, chat.id, len(items))
        group = {"media_group_id": album_id()} if len(items) > 1 else {}
        sent, files, problem = [], [], None
        for number, item in enumerate(items, 1):
            try:
                file = await self._album_file(arguments, item, number)
            except BotError as error:
                problem = problem or failed_item(number, error)
                continue
            content = media_content(file, _measures(item.raw)) | item.caption
            message = self.posts.add(chat, bot, content | group | reply)
            sent.append(message)
            files.append(file)
        if sent:
            self.posts.write_down(chat, bot, sent, files)
        if problem is not None:
            raise problem
        return [self.posts.as_json(message, chat) for message in sent]

    async def _album_file(
        self, arguments: Arguments, item: Item, number: int
    ) -> InputFile:
        if number == self.world.settings["telegram.album_fails_at"]:
            raise bad_request("WEBPAGE_MEDIA_EMPTY")
        return await self.files.take(arguments, item.media, item.kind)

    async def poll(self, bot: Identity, arguments: Arguments) -> dict[str, Any]:
        question = styled_text(arguments.text("question"), "", None).text
        options = read_options(arguments)
        check_poll(question, options, arguments)
        chat = self.chats.writable(bot, arguments.text("chat_id"))
        if chat.kind == "channel" and arguments.text("is_anonymous") == "false":
            raise bad_request("non-anonymous polls can't be sent to channel chats")
        counted = [{"text": option, "voter_count": 0} for option in options]
        content: dict[str, Any] = {
            "poll": {
                "id": album_id(),
                "question": question,
                "options": counted,
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": arguments.flag("allows_multiple_answers"),
            }
        }
        return await self._send(bot, arguments, content, None)


def read_album(arguments: Arguments) -> list[Item]:
    media = arguments.structure("media")
    if media is None:
        raise bad_request('Parameter "media" is required')
    if not isinstance(media, list):
        raise bad_request("Expected an Array of InputMedia")
    items = [_read_item(raw) for raw in media]
    if len(items) > MAX_ALBUM:
        raise bad_request("Too many messages to send as an album")
    if not items:
        raise bad_request("There are no messages to send")
    _check_mix({item.kind for item in items})
    if len({bool(item.raw.get("show_caption_above_media")) for item in items}) > 1:
        raise bad_request(
            "Parameter show_caption_above_media must be the same for all messages"
        )
    return items


def _read_item(raw: Any) -> Item:
    trouble = "Can't parse InputMedia: "
    if not isinstance(raw, dict):
        raise bad_request(trouble + "expected an Object")
    kind = str(raw.get("type", ""))
    if kind == "animation":
        raise bad_request(f'{trouble}type "animation" can\'t be used in sendMediaGroup')
    if kind not in ALBUM_TYPES:
        raise bad_request(f'{trouble}type "{kind}" is unsupported')
    if not raw.get("media"):
        raise bad_request(trouble + "media not found")
    caption = caption_text(
        str(raw.get("caption") or ""),
        str(raw.get("parse_mode") or ""),
        raw.get("caption_entities"),
    )
    return Item(raw["media"], kind, caption_content(caption), raw)


def _check_mix(kinds: set[str]) -> None:
    for kind, spoken in UNMIXED.items():
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{spoken} can't be mixed with other media types")


def _measures(raw: dict[str, Any]) -> dict[str, int]:
    return {name: int(raw.get(name) or 0) for name in MEASURES}


def failed_item(number: int, error: BotError) -> BotError:
    """Telegram quotes the back end's own word, where it has one."""
    reason = BACK_END.get(error.reason, error.reason)
    return bad_request(
        f'Failed to send message #{number} with the error message "{reason}"'
    )


def read_options(arguments: Arguments) -> list[str]:
    raw = arguments.structure("options")
    if not isinstance(raw, list):
        raise bad_request("Expected an Array of String as options")
    return [
        str(option.get("text", "")) if isinstance(option, dict) else str(option)
        for option in raw
    ]


def check_poll(question: str, options: list[str], arguments: Arguments) -> None:
    if not 1 <= len(question) <= POLL_QUESTION:
        raise bad_request(
            "poll question must be non-empty"
            if not question
            else "poll question length must not exceed 300"
        )
    if not 1 <= len(options) <= POLL_OPTIONS:
        raise bad_request(
            "poll must have at least 1 answer option"
            if not options
            else "poll can't have more than 12 options"
        )
    if any(not 1 <= len(option) <= POLL_OPTION for option in options):
        raise bad_request("poll options length must not exceed 100")
    period = arguments.integer("open_period")
    if period and not POLL_OPEN_S[0] <= period <= POLL_OPEN_S[1]:
        raise bad_request("poll open period is invalid")
