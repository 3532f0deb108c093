"""instagram.com as a person's browser sees it: posts, profiles, pictures."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

from aiohttp import web
from PIL import Image, ImageDraw, ImageFont

from sandbox.double import Call, Route
from sandbox.instagram.access import LOGIN, PICTURES
from sandbox.instagram.store import Media
from sandbox.ledger import iso
from sandbox.pages import render
from sandbox.state import Identity

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram

AVATAR_PX = 160
AVATAR_COLOURS = ("#5b5bd6", "#0e7c86", "#b4540a", "#a2307e", "#2f7d3b", "#6b5d4f")


class Site:
    """Plain pages behind the permalinks, so that "see it live" works in a demo."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.store = double.store

    def routes(self) -> list[Route]:
        www, pictures = (LOGIN,), (PICTURES,)
        story = "/stories/{handle}/{media}"
        return [
            Route("GET", "/{shape:(?:p|reel)}/{code}", "site", self.post, www),
            Route("GET", story, "site", self.story, www),
            Route("GET", "/{handle}", "site", self.profile, www),
            Route("GET", "/avatars/{ident}.png", "site", self.avatar, pictures),
            Route("GET", "/media/{media}.jpg", "site", self.picture, pictures),
        ]

    async def post(self, call: Call) -> web.Response:
        code = call.params["code"]
        for media in self.store.media.values():
            if media.shortcode == code and media.product != "STORY":
                return self._show(media)
        return self._gone()

    async def story(self, call: Call) -> web.Response:
        media = self.store.media.get(call.params["media"])
        return self._show(media) if media is not None else self._gone()

    def _show(self, media: Media) -> web.Response:
        account = self.double.state.identities[f"instagram:{media.account}"]
        page = render(
            "post.html",
            account=account,
            media=media,
            when=iso(media.created_at),
            comments=self.store.comments_on(media.id),
        )
        return web.Response(text=page, content_type="text/html")

    def _gone(self) -> web.Response:
        page = render(
            "refused.html",
            title=self.double.title,
            heading="This page is not there",
            reason="It may have been deleted, or the address is wrong.",
        )
        return web.Response(text=page, content_type="text/html", status=404)

    async def profile(self, call: Call) -> web.Response:
        account = self.double.state.identity("instagram", call.params["handle"])
        if account is None:
            return self._gone()
        posts = [m for m in self.store.media_of(account.id) if m.product != "STORY"]
        page = render("profile.html", account=account, posts=posts)
        return web.Response(text=page, content_type="text/html")

    async def avatar(self, call: Call) -> web.Response:
        ident = call.params["ident"]
        account = self.double.state.identities.get(f"instagram:{ident}")
        if account is None:
            return web.Response(status=404)
        headers = {"Cache-Control": "max-age=3600"}
        body = draw_avatar(account)
        return web.Response(body=body, content_type="image/png", headers=headers)

    async def picture(self, call: Call) -> web.Response:
        media = self.store.media.get(call.params["media"])
        sha256 = media.media[0].get("sha256", "") if media else ""
        small = self.double.world.thumbnails.get(sha256)
        if small is None:
            return web.Response(status=404)
        return web.Response(body=small, content_type="image/jpeg")


def draw_avatar(account: Identity) -> bytes:
    """The first letter on a colour of its own."""
    colour = AVATAR_COLOURS[zlib.crc32(account.id.encode()) % len(AVATAR_COLOURS)]
    image = Image.new("RGB", (AVATAR_PX, AVATAR_PX), colour)
    font = ImageFont.load_default(size=AVATAR_PX // 2)
    middle = (AVATAR_PX / 2, AVATAR_PX / 2)
    letter = account.name[:1].upper()
    ImageDraw.Draw(image).text(middle, letter, "white", font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
