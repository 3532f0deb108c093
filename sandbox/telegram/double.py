"""The Telegram double.

Steps: the Bot API's method names (`sendMessage`, `sendMediaGroup`, …; a method
that does not exist is `unknown`), `downloadFile`, and for people `app` (the
t.me dialogs) and `post` (public post pages).

Switches: `chat_per_minute` and `bot_per_second` (0 = no flood control),
`upload_pacing`, `schedule_videos` (videos answer `message_id` 0 and come back as
`channel_post`), `album_fails_at` (number of the album item that fails, 0 = none),
`redelivery_ms` (first pause before a refused webhook delivery is repeated).

Control API: an identity is a channel (`extra`: owner, private, administrator,
rights), a user or a bot (`extra.token`). `tokens` makes the bot administrator of
a channel (`rights`, `notify`) or starts a private chat (`start`); `permissions`
takes rights away; `tokens/revoke` removes the bot (`reason`: kicked, left or
member), is blocked by a user, or revokes a bot's token; `posts` posts as another
administrator, or writes to the bot as a user.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.double import Call, Double, Route
from sandbox.faults import Fault
from sandbox.state import Identity
from sandbox.telegram.app import AppPages
from sandbox.telegram.arguments import Arguments
from sandbox.telegram.avatars import FOLDER, draw, file_json
from sandbox.telegram.editing import Editing
from sandbox.telegram.errors import BotError, bad_request, flood
from sandbox.telegram.hooks import Hooks
from sandbox.telegram.parts import Parts
from sandbox.telegram.people import TOKEN, People
from sandbox.telegram.reading import Reading
from sandbox.telegram.rows import Inbox
from sandbox.telegram.sending import Sending
from sandbox.telegram.standing import Standing
from sandbox.world import World

API = ("api.telegram.org",)
APP = ("t.me",)
MAX_CONNECTIONS = 100
DEFAULT_RETRY_S = 37

Method = Callable[[Identity, Arguments], Awaitable[Any]]


class Telegram(Double):
    key = "telegram"
    title = "Telegram"
    hosts = ("api.telegram.org", "t.me")
    switches = {
        "chat_per_minute": 20,
        "bot_per_second": 30,
        "upload_pacing": True,
        "schedule_videos": False,
        "album_fails_at": 0,
        "redelivery_ms": 1000,
    }
    steps = (
        "getMe",
        "getChat",
        "getChatMember",
        "getChatAdministrators",
        "getChatMemberCount",
        "getFile",
        "sendMessage",
        "sendPhoto",
        "sendVideo",
        "sendAnimation",
        "sendDocument",
        "sendAudio",
        "sendMediaGroup",
        "sendPoll",
        "editMessageText",
        "editMessageCaption",
        "editMessageMedia",
        "deleteMessage",
        "deleteMessages",
        "pinChatMessage",
        "leaveChat",
        "getUpdates",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "downloadFile",
        "app",
        "post",
        "unknown",
    )

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.parts = Parts(world)
        self.chats, self.updates = self.parts.chats, self.parts.updates
        self.people = People(self.parts)
        self.standing = Standing(self.parts)
        self.sending = Sending(self.parts)
        self.pages = AppPages(self.parts, self.people, self.standing)
        self.hooks = Hooks(self.parts, self.people, self.standing, self.pages)
        self.methods = self._methods()
        self._names = {name.lower(): name for name in self.methods}

    def _methods(self) -> dict[str, Method]:
        reading, sending, editing = (
            Reading(self.parts),
            self.sending,
            Editing(self.parts),
        )
        return {
            "getMe": reading.me,
            "getChat": reading.chat,
            "getChatMember": reading.member,
            "getChatAdministrators": reading.administrators,
            "getChatMemberCount": reading.member_count,
            "getFile": self.get_file,
            "leaveChat": reading.leave,
            "sendMessage": sending.text,
            "sendPhoto": sending.photo,
            "sendVideo": sending.video,
            "sendAnimation": sending.animation,
            "sendDocument": sending.document,
            "sendAudio": sending.audio,
            "sendMediaGroup": sending.album,
            "sendPoll": sending.poll,
            "editMessageText": editing.text,
            "editMessageCaption": editing.caption,
            "editMessageMedia": editing.media,
            "deleteMessage": editing.delete,
            "deleteMessages": editing.delete_many,
            "pinChatMessage": editing.pin,
            "getUpdates": self.get_updates,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.webhook_info,
        }

    def routes(self) -> list[Route]:
        return [
            Route("*", "/bot{token}/{method}", self._step, self.answer, API),
            Route(
                "GET", "/file/bot{token}/{path:path}", "downloadFile", self.file, API
            ),
            *self.pages.routes(APP),
        ]

    def seed(self) -> None:
        self.parts.forget()
        self.people.seed()

    def resume(self) -> None:
        self.updates.resume()
        self.sending.resume()

    def _step(self, call: Call) -> str:
        return self._names.get(call.params["method"].lower(), "unknown")

    async def profile_of(self, call: Call) -> str:
        if call.host not in API or "method" not in call.params:
            return ""
        ref = str((await call.fields()).get("chat_id", ""))
        chat = self.chats.lookup(ref)
        return chat.id if chat else ref

    async def answer(self, call: Call) -> web.StreamResponse:
        bot = self.bot(call.params["token"])
        if call.step == "unknown":
            raise BotError(404, "method not found")
        arguments = Arguments(await call.fields())
        result = await self.methods[call.step](bot, arguments)
        if isinstance(result, Told):
            body = {"ok": True, "result": True, "description": result}
            return web.json_response(body)
        return web.json_response({"ok": True, "result": result})

    def bot(self, token: str) -> Identity:
        """404 for what is no token at all, 401 for a wrong or a revoked one."""
        shape = TOKEN.fullmatch(token)
        if shape is None:
            raise BotError(404)
        bot = self.state.identities.get(f"telegram:{shape[1]}")
        if bot is None or bot.extra.get("token") != token or bot.extra.get("revoked"):
            raise BotError(401)
        return bot

    async def file(self, call: Call) -> web.StreamResponse:
        self.bot(call.params["token"])
        folder, _, name = call.params["path"].partition("/")
        size, _, number = name.removesuffix(".jpg").partition("_")
        chat = self.chats.lookup(number)
        if folder != FOLDER or chat is None or size not in ("small", "big"):
            raise BotError(404, "file not found")
        return web.Response(body=draw(chat, size), content_type="image/jpeg")

    async def get_file(self, bot: Identity, arguments: Arguments) -> Any:
        file_id = arguments.text("file_id")
        if not file_id:
            raise bad_request("file_id not specified")
        return file_json(file_id)

    async def get_updates(self, bot: Identity, arguments: Arguments) -> Any:
        self._allow(bot, arguments)
        return await self.updates.poll(
            bot.id,
            arguments.integer("offset"),
            arguments.integer("limit", 100),
            arguments.integer("timeout"),
        )

    def _allow(self, bot: Identity, arguments: Arguments) -> None:
        """The list holds until another one is given."""
        allowed = arguments.structure("allowed_updates")
        if isinstance(allowed, list):
            self.updates.inbox(bot.id).allowed = [str(kind) for kind in allowed]

    async def set_webhook(self, bot: Identity, arguments: Arguments) -> Any:
        url = arguments.text("url")
        if not url:
            return await self.delete_webhook(bot, arguments)
        self._drop_if_asked(bot, arguments)
        self._allow(bot, arguments)
        connections = arguments.integer("max_connections", 40)
        wish = Inbox(
            bot=bot.id,
            url=url,
            secret=arguments.text("secret_token"),
            max_connections=min(max(connections, 1), MAX_CONNECTIONS),
            allowed=self.updates.inbox(bot.id).allowed,
        )
        self.updates.set_webhook(bot.id, wish)
        return Told("Webhook was set")

    async def delete_webhook(self, bot: Identity, arguments: Arguments) -> Any:
        self._drop_if_asked(bot, arguments)
        if not self.updates.inbox(bot.id).url:
            return Told("Webhook is already deleted")
        self.updates.delete_webhook(bot.id)
        return Told("Webhook was deleted")

    def _drop_if_asked(self, bot: Identity, arguments: Arguments) -> None:
        if arguments.flag("drop_pending_updates"):
            self.updates.drop(self.updates.pending(bot.id))

    async def webhook_info(self, bot: Identity, arguments: Arguments) -> Any:
        return self.updates.webhook_info(bot.id)

    def not_found(self, call: Call) -> web.Response:
        return BotError(404).response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """`detail.description` is taken as it is, else the status's own words."""
        error = BotError(rule.status, str(rule.detail.get("reason") or ""))
        error.description = str(rule.detail.get("description") or error.description)
        error.parameters = dict(rule.detail.get("parameters") or {})
        return error.response()

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        return flood(rule.retry_after or DEFAULT_RETRY_S).response()

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        return self.people.make(wish)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        return self.hooks.mint(identity, request)

    def revoke(self, identity: Identity, reason: str) -> int:
        return self.hooks.revoke(identity, reason)

    def expire(self, identity: Identity) -> int:
        raise ValueError("Telegram's tokens do not run out.")

    def remove_permissions(self, identity: Identity, names: list[str]) -> int:
        return self.hooks.withdraw(identity, names)

    def post_directly(self, identity: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        return self.hooks.post(identity, str(wish.get("text") or ""))


class Told(str):
    """A result of `true` with a sentence beside it."""

    __slots__ = ()
