"""t.me: what stands for the Telegram app, and the public pages of channels."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.avatars import colour, initials
from sandbox.double import Call, Refusal, Route
from sandbox.pages import render
from sandbox.state import Identity
from sandbox.telegram.avatars import draw
from sandbox.telegram.chats import CHANNEL_PREFIX, username
from sandbox.telegram.entities import StyledText, clean, settle
from sandbox.telegram.parts import Parts
from sandbox.telegram.people import People
from sandbox.telegram.posts import text_content
from sandbox.telegram.rows import GRANTABLE, Member
from sandbox.telegram.show import albums, shown
from sandbox.telegram.standing import Standing

START = re.compile(r"[A-Za-z0-9_-]{1,64}")
ADD_LINK = "startchannel&admin=post_messages+edit_messages+delete_messages"
SPOKEN_RIGHTS = {
    "can_change_info": "Change channel info",
    "can_post_messages": "Post messages",
    "can_edit_messages": "Edit messages of others",
    "can_delete_messages": "Delete messages of others",
    "can_invite_users": "Add subscribers",
    "can_manage_direct_messages": "Manage direct messages",
}
SHOWN_POSTS = 50


class NoSuchPage(Refusal):
    def __init__(self, title: str, reason: str) -> None:
        super().__init__(reason)
        self.title, self.reason = title, reason

    def response(self) -> web.Response:
        page = render("telegram/notice.html", title=self.title, reason=self.reason)
        return web.Response(text=page, content_type="text/html", status=404)


class AppPages:
    def __init__(self, parts: Parts, people: People, standing: Standing) -> None:
        self.parts, self.people, self.standing = parts, people, standing
        self.chats, self.state = parts.chats, parts.world.state

    def routes(self, hosts: tuple[str, ...]) -> list[Route]:
        return [
            Route("GET", "/i/avatar/{chat}.jpg", "app", self.avatar, hosts),
            Route("GET", "/i/media/{sha256}.jpg", "post", self.thumbnail, hosts),
            Route("GET", "/c/{number}/{message}", "post", self.private_post, hosts),
            Route("GET", "/s/{name}", "post", self.show, hosts),
            Route("GET", "/{name}", "app", self.show, hosts),
            Route("POST", "/{name}", "app", self.decide, hosts),
            Route("GET", "/{name}/{message}", "post", self.post, hosts),
        ]

    async def avatar(self, call: Call) -> web.StreamResponse:
        chat = self.chats.lookup(call.params["chat"])
        if chat is None:
            raise NoSuchPage("No picture", "There is no such chat.")
        return web.Response(body=draw(chat, "small"), content_type="image/jpeg")

    async def thumbnail(self, call: Call) -> web.StreamResponse:
        picture = self.parts.world.thumbnails.get(call.params["sha256"])
        if picture is None:
            raise NoSuchPage("No picture", "The sandbox did not keep this picture.")
        return web.Response(body=picture, content_type="image/jpeg")

    async def show(self, call: Call) -> web.StreamResponse:
        """A bot's dialogs and chat, or a channel with its newest posts."""
        who = self._named(call.params["name"])
        query = call.request.query
        if who.kind == "channel":
            return self._channel(who)
        if "startchannel" in query:
            return self._add_dialog(who, query.get("admin", ""), query.get("as", ""))
        if "start" in query:
            return self._start_dialog(who, query["start"])
        return self._chat(who, query.get("as", ""))

    async def decide(self, call: Call) -> web.StreamResponse:
        bot = self._named(call.params["name"])
        form = await call.request.post()
        decision = str(form.get("decision", "cancel"))
        if bot.kind != "bot" or decision == "cancel":
            return page("notice.html", title="Cancelled", reason="Nothing was sent.")
        user = self._user(str(form.get("identity", "")))
        if decision == "start":
            return self._start(call, bot, user)
        rights = {str(value) for value in form.getall("right", [])}
        return self._add(bot, user, str(form.get("channel", "")), rights)

    def _named(self, name: str) -> Identity:
        found = next(
            (
                who
                for kind in ("bot", "channel")
                for who in self.chats.identities(kind)
                if username(who).lower() == name.lower()
            ),
            None,
        )
        if found is None:
            raise NoSuchPage("Not found", f"Nobody on Telegram is called @{name}.")
        return found

    def _user(self, ref: str) -> Identity:
        user = self.chats.lookup(ref)
        if user is None or user.kind != "user":
            raise NoSuchPage("Who are you?", "Choose which Telegram user you are.")
        return user

    def _start_dialog(self, bot: Identity, code: str) -> web.Response:
        if not START.fullmatch(code):
            reason = "The link's start code may have 1 to 64 letters, digits, _ and -."
            raise NoSuchPage("The link is broken", reason)
        users = self.chats.identities("user")
        return page("start.html", bot=bot, code=code, users=users)

    def _start(self, call: Call, bot: Identity, user: Identity) -> web.Response:
        code = call.request.query.get("start", "")
        self.write_to_bot(user, bot, f"/start {code}" if code else "/start")
        place = f"{call.request.path}?as={user.id}"
        return web.Response(status=303, headers={"Location": place})

    def write_to_bot(self, user: Identity, bot: Identity, text: str) -> dict[str, Any]:
        """A private message; the first one opens the chat."""
        self.chats.put(Member(user.id, bot.id, "member"))
        styled = settle(clean(StyledText(text)))
        message = self.parts.posts.add(user, user, text_content(styled))
        sent = self.parts.posts.as_json(message, user)
        self.parts.updates.add(bot.id, "message", sent)
        return sent

    def _chat(self, bot: Identity, ref: str) -> web.Response:
        user = self.chats.lookup(ref) if ref else None
        messages = self.parts.posts.of(user) if user and user.kind == "user" else []
        bubbles = [
            (shown([message], self.parts.files), message.author == bot.id)
            for message in messages
        ]
        return page(
            "chat.html",
            bot=bot,
            user=user,
            bubbles=bubbles,
            add_link=f"/t.me/{bot.handle}?{ADD_LINK}" + (f"&as={ref}" if user else ""),
        )

    def _add_dialog(
        self, bot: Identity, admin: str, chosen: str, problem: str = ""
    ) -> web.Response:
        """`admin` names the rights asked for, parted by blanks (a + in the link)."""
        asked = {f"can_{name}" for name in admin.split()}
        people = [
            (user, self.chats.channels_of(user))
            for user in self.chats.identities("user")
        ]
        return page(
            "add.html",
            status=400 if problem else 200,
            problem=problem,
            bot=bot,
            people=people,
            chosen=chosen or (people[0][0].id if people else ""),
            rights=[(name, SPOKEN_RIGHTS[name], name in asked) for name in GRANTABLE],
            standing_of=lambda channel: self.chats.member(channel, bot.id),
        )

    def _add(
        self, bot: Identity, user: Identity, ref: str, rights: set[str]
    ) -> web.Response:
        channel = next(
            (chat for chat in self.chats.channels_of(user) if chat.id == ref), None
        )
        if channel is None:
            problem = f"Choose one of {user.name}'s channels."
            return self._add_dialog(bot, " ".join(rights), user.id, problem)
        known = {name for name in GRANTABLE if name.removeprefix("can_") in rights}
        self.standing.promote(bot, channel, user, known)
        granted = [SPOKEN_RIGHTS[name] for name in GRANTABLE if name in known]
        return page("added.html", bot=bot, channel=channel, granted=granted)

    def _channel(self, channel: Identity) -> web.Response:
        messages = self.parts.posts.of(channel)
        posts = [shown(group, self.parts.files) for group in albums(messages)]
        newest = posts[-SHOWN_POSTS:]
        return page("channel.html", channel=channel, posts=newest, private=False)

    async def post(self, call: Call) -> web.StreamResponse:
        channel = self._named(call.params["name"])
        return self._post(channel, call.params["message"])

    async def private_post(self, call: Call) -> web.StreamResponse:
        channel = self.chats.lookup(CHANNEL_PREFIX + call.params["number"])
        if channel is None or channel.kind != "channel":
            raise NoSuchPage("Not found", "There is no such channel.")
        return self._post(channel, call.params["message"])

    def _post(self, channel: Identity, number: str) -> web.Response:
        """The whole album, whichever of its messages the address names."""
        for group in albums(self.parts.posts.of(channel)):
            if number in {str(message.id) for message in group}:
                post = shown(group, self.parts.files)
                private = not username(channel)
                return page(
                    "channel.html", channel=channel, posts=[post], private=private
                )
        raise NoSuchPage("Post not found", f"{channel.name} has no such post.")


def page(template: str, status: int = 200, **values: Any) -> web.Response:
    text = render(f"telegram/{template}", initials=initials, colour=colour, **values)
    return web.Response(text=text, content_type="text/html", status=status)
