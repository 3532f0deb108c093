"""bsky.app: profiles and posts as anybody may look at them, and drawn avatars."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.avatars import colour, draw, initials
from sandbox.bluesky.accounts import Accounts
from sandbox.bluesky.appview import POST, AppView
from sandbox.bluesky.show import Viewer
from sandbox.double import Call, Refusal, Route
from sandbox.pages import render
from sandbox.state import Identity
from sandbox.world import World

APP = ("bsky.app",)
CDN = ("cdn.bsky.app",)
SHOWN_POSTS = 50
SIDE = 320


class NoSuchPage(Refusal):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def response(self) -> web.Response:
        return page("missing.html", 404, reason=self.reason)


class Pages:
    def __init__(
        self, world: World, accounts: Accounts, appview: AppView, viewer: Viewer
    ) -> None:
        self.world, self.accounts = world, accounts
        self.appview, self.viewer = appview, viewer

    def routes(self) -> list[Route]:
        return [
            Route("GET", "/profile/{actor}", "page", self.profile, APP),
            Route("GET", "/profile/{actor}/post/{rkey}", "page", self.post, APP),
            Route("GET", "/img/avatar/plain/{did}/{rest}", "page", self.avatar, CDN),
            Route("GET", "/img/feed/{sha256}.jpg", "page", self.thumbnail, CDN),
        ]

    def _actor(self, ref: str) -> Identity:
        account = self.accounts.find(ref)
        if account is None:
            raise NoSuchPage(f"Nobody on Bluesky is called {ref}.")
        return account

    async def profile(self, call: Call) -> web.StreamResponse:
        account = self._actor(call.params["actor"])
        records = self.viewer.records.of(account.id, POST)[:SHOWN_POSTS]
        return page(
            "profile.html",
            account=account,
            about=self.appview.profile_view(account),
            posts=[self.viewer.shown(record) for record in records],
        )

    async def post(self, call: Call) -> web.StreamResponse:
        account = self._actor(call.params["actor"])
        record = self.viewer.records.get(account.id, POST, call.params["rkey"])
        if record is None:
            raise NoSuchPage("This post does not exist or was deleted.")
        view = self.appview.post_view(record)
        replies = self.appview.replies(record)
        return page(
            "post.html",
            item=self.viewer.shown(record),
            counts=view,
            replies=[self.viewer.shown(reply) for reply in replies],
        )

    async def avatar(self, call: Call) -> web.StreamResponse:
        account = self.accounts.find(call.params["did"])
        if account is None:
            raise NoSuchPage("No picture.")
        picture = draw(account.name, account.id, SIDE)
        return web.Response(body=picture, content_type="image/jpeg")

    async def thumbnail(self, call: Call) -> web.StreamResponse:
        picture = self.world.thumbnails.get(call.params["sha256"])
        if picture is None:
            raise NoSuchPage("The sandbox did not keep this picture.")
        return web.Response(body=picture, content_type="image/jpeg")


def page(template: str, status: int = 200, **values: Any) -> web.Response:
    text = render(f"bluesky/{template}", initials=initials, colour=colour, **values)
    return web.Response(text=text, content_type="text/html", status=status)
