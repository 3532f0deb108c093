"""Bot API calls, one function each: https://core.telegram.org/bots/api (2026-11-21).

The bot's token stands in the address, so no address may reach a log, trace or error.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.http import Http
from platforms.client import call, read_as
from platforms.telegram.errors import NAME, result_of
from platforms.telegram.limits import ANSWER_S, UPLOAD_S
from platforms.types import Media

BASE = "https://api.telegram.org"
ALLOWED_UPDATES = ("message", "my_chat_member", "channel_post")
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4"}

T = TypeVar("T")
Fields = dict[str, Any]


@dataclass(frozen=True)
class Bot:
    http: Http
    token: str = field(repr=False)

    @property
    def id(self) -> str:
        return self.token.partition(":")[0]

    def ask(self, method: str, read: Callable[[Any], T], params: Fields) -> T:
        """A call that may be repeated without harm."""
        reply = call(self.http, NAME, "GET", self._url(method), params=params)
        return read_as(read, result_of(reply, mutating=False), NAME)

    def post(self, method: str, read: Callable[[Any], T], **parts: Any) -> T:
        """A call that publishes: once it left, only its answer tells what became."""
        url = self._url(method)
        reply = call(self.http, NAME, "POST", url, mutating=True, **parts)
        result = result_of(reply, mutating=True)
        return read_as(read, result, NAME, mutating=True)

    def _url(self, method: str) -> str:
        return f"{BASE}/bot{self.token}/{method}"


@dataclass(frozen=True)
class Member:
    """Someone's standing in a chat: "administrator", "left", and so on."""

    user_id: str
    status: str
    is_bot: bool
    rights: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A sent message. Id 0: Telegram will send it by itself, it has no id yet."""

    id: int
    chat_id: str
    username: str


def get_updates(bot: Bot, offset: str) -> list[tuple[int, Any]]:
    """#getupdates, with their ids. Not to be used beside a webhook (409)."""
    params = {"timeout": 0, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
    known = {"offset": offset} if offset else {}
    return bot.ask(
        "getUpdates",
        lambda result: [(int(item["update_id"]), item) for item in result],
        {**params, **known},
    )


def get_chat_member(bot: Bot, chat_id: str, user_id: str) -> Member:
    """#getchatmember"""
    params = {"chat_id": chat_id, "user_id": user_id}
    return bot.ask("getChatMember", member_of, params)


def get_chat_administrators(bot: Bot, chat_id: str) -> list[Member]:
    """#getchatadministrators"""
    return bot.ask(
        "getChatAdministrators",
        lambda result: [member_of(item) for item in result],
        {"chat_id": chat_id},
    )


def leave_chat(bot: Bot, chat_id: str) -> None:
    """#leavechat. Leaving twice does no harm, so it may be asked like a question."""
    bot.ask("leaveChat", bool, {"chat_id": chat_id})


def send_message(bot: Bot, chat_id: str, text: str) -> Message:
    """#sendmessage. No parse_mode: what people type is never markup."""
    body = {"chat_id": int(chat_id), "text": text}
    return bot.post("sendMessage", message_of, json=body, timeout_s=ANSWER_S)


def send_photo(bot: Bot, chat_id: str, photo: Media, caption: str) -> Message:
    """#sendphoto"""
    data = {"chat_id": chat_id, **_caption(caption)}
    files = {"photo": _part(photo)}
    return bot.post("sendPhoto", message_of, data=data, files=files, timeout_s=UPLOAD_S)


def send_video(bot: Bot, chat_id: str, video: Media, caption: str) -> Message:
    """#sendvideo. Without the size, players show a square."""
    data = {"chat_id": chat_id, **_caption(caption), **_shape(video)}
    files = {"video": _part(video)}
    return bot.post("sendVideo", message_of, data=data, files=files, timeout_s=UPLOAD_S)


def send_media_group(
    bot: Bot, chat_id: str, media: tuple[Media, ...], caption: str
) -> list[Message]:
    """#sendmediagroup. The first item's caption is shown under the whole album."""
    items = [_album_item(number, item) for number, item in enumerate(media)]
    items[0].update(_caption(caption))
    return bot.post(
        "sendMediaGroup",
        _messages_of,
        data={"chat_id": chat_id, "media": json.dumps(items)},
        files={f"f{number}": _part(item) for number, item in enumerate(media)},
        timeout_s=UPLOAD_S,
    )


def member_of(result: Any) -> Member:
    """A ChatMember: https://core.telegram.org/bots/api#chatmember"""
    rights = (key for key, value in result.items() if value is True)
    return Member(
        user_id=str(result["user"]["id"]),
        status=str(result["status"]),
        is_bot=result["user"].get("is_bot") is True,
        rights=tuple(sorted(r for r in rights if r.startswith("can_"))),
    )


def message_of(result: Any) -> Message:
    """A Message: https://core.telegram.org/bots/api#message"""
    chat = result["chat"]
    return Message(
        id=int(result["message_id"]),
        chat_id=str(chat["id"]),
        username=str(chat.get("username") or ""),
    )


def _messages_of(result: Any) -> list[Message]:
    messages = [message_of(item) for item in result]
    if not messages:
        raise ValueError("an album without messages")
    return messages


def _caption(text: str) -> Fields:
    return {"caption": text} if text else {}


def _shape(video: Media) -> Fields:
    return {
        "width": video.width,
        "height": video.height,
        "duration": round(video.duration_s),
        "supports_streaming": "true",
    }


def _album_item(number: int, item: Media) -> Fields:
    where = {"media": f"attach://f{number}"}
    if item.kind == "image":
        return {"type": "photo", **where}
    return {"type": "video", **where, **_shape(item), "supports_streaming": True}


def _part(item: Media) -> tuple[str, bytes, str]:
    name = f"{item.id}.{EXTENSIONS.get(item.mime, 'bin')}"
    return name, item.bytes(), item.mime
