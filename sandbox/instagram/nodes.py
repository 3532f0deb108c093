"""Reading what is live: accounts, media, lists, stories; switches and deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.double import Call
from sandbox.instagram.access import FACEBOOK_GRAPH, PICTURES, Access, access_to
from sandbox.instagram.store import Media
from sandbox.meta import errors, people
from sandbox.meta.double import DAY
from sandbox.meta.graph import (
    GraphError,
    Node,
    as_bool,
    as_int,
    invalid,
    page_of,
    parse_fields,
    select,
    timestamp,
)

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram


class Nodes:
    """GET, POST and DELETE of `/{node}` and the lists below an account."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.store = double.store

    def step(self, call: Call) -> str:
        """The operation depends on what the id names."""
        node = call.params["node"]
        if node == "me":
            return "me"
        if node in self.store.containers:
            return "container_status"
        if node in self.store.media:
            return "permalink"
        return "comment_read" if node in self.store.comments else "account"

    async def read(self, call: Call) -> web.StreamResponse:
        node = call.params["node"]
        if node in self.store.containers:
            container = self.store.containers[node]
            return await self.double.containers.read(call, container)
        if node in self.store.media:
            return await self._read_media(call, self.store.media[node])
        if node in self.store.comments:
            return await self.double.comments.read(call)
        return await self._read_account(call, node)

    async def _read_account(self, call: Call, node: str) -> web.Response:
        access = await self.double.access(call, node, "basic")
        shown = people.account_node(access.account, own_login=access.own_login)
        return await self.double.show(call, shown, "IGUser")

    async def _read_media(self, call: Call, media: Media) -> web.Response:
        token = await self.double.token(call)
        access_to(self.double.state, token, media.account, "basic")
        self.double.check_reader(token)
        return await self.double.show(call, self.node(media), "IGMedia")

    def node(self, media: Media) -> Node:
        handle = self.double.state.identities[f"instagram:{media.account}"].handle
        comments = self.store.comments_on(media.id)
        return {
            "id": media.id,
            "caption": media.caption or None,
            "media_type": media.media_type,
            "media_product_type": media.product,
            "permalink": media.permalink,
            "shortcode": media.shortcode,
            "timestamp": timestamp(media.created_at),
            "username": handle,
            "owner": {"id": media.account},
            "alt_text": media.media[0].get("alt_text") or None,
            "media_url": f"https://{PICTURES}/media/{media.id}.jpg",
            "thumbnail_url": f"https://{PICTURES}/media/{media.id}.jpg",
            "is_comment_enabled": media.comment_enabled,
            "comments_count": len(comments),
            "like_count": self.double.insights.likes(media),
        }

    async def media_list(self, call: Call) -> web.Response:
        """GET /{account}/media: newest first, no stories, after a listing delay."""
        access = await self.double.access(call, call.params["node"], "basic")
        asked = await call.fields()
        since = as_int(asked.get("since"), 0)
        until = as_int(asked.get("until"), 2**62)
        shown = [
            media
            for media in self.listed(access)
            if media.product != "STORY" and since <= media.created_at <= until
        ]
        return await self._list(call, shown)

    async def stories(self, call: Call) -> web.Response:
        """GET /{account}/stories: those of the last 24 hours."""
        access = await self.double.access(call, call.params["node"], "basic")
        since = self.double.world.now() - DAY
        shown = [
            media
            for media in self.listed(access)
            if media.product == "STORY" and media.created_at > since
        ]
        return await self._list(call, shown)

    def listed(self, access: Access) -> list[Media]:
        delay = self.double.setting("listing_delay_ms") / 1000
        latest = self.double.world.now() - delay
        found = self.store.media_of(access.account.id)
        return [media for media in found if media.created_at <= latest]

    async def _list(self, call: Call, shown: list[Media]) -> web.Response:
        asked = await call.fields()
        fields = parse_fields(str(asked.get("fields") or "id"))
        page = page_of([{"id": m.id} for m in shown], asked, self._address(call))
        page["data"] = [
            select(self.node(self.store.media[row["id"]]), fields, "IGMedia")
            for row in page["data"]
        ]
        return self.double.answer(call, page)

    def _address(self, call: Call) -> str:
        return f"https://{call.host}{call.path}"

    async def change(self, call: Call) -> web.Response:
        """POST /{node}: hide a comment, or switch a post's comments."""
        node = call.params["node"]
        if node in self.store.comments:
            return await self.double.comments.hide(call)
        media = await self.reachable(call, node, "comments")
        asked = await call.fields()
        if "comment_enabled" not in asked:
            raise invalid("comment_enabled is missing")
        media.comment_enabled = as_bool(asked["comment_enabled"])
        self.store.state.touch()
        return self.double.answer(call, {"success": True})

    async def delete(self, call: Call) -> web.Response:
        """DELETE /{node}: a comment, or with Facebook Login a post."""
        node = call.params["node"]
        if node in self.store.comments:
            return await self.double.comments.delete(call)
        if call.host != FACEBOOK_GRAPH:
            raise GraphError(errors.UNKNOWN_OBJECT)
        media = await self.reachable(call, node, "delete")
        if media.product == "STORY":
            raise GraphError(errors.CANNOT_DELETE)
        self.store.remove_media(media)
        return self.double.answer(call, {"success": True, "deleted_id": media.id})

    async def reachable(self, call: Call, node: str, need: str) -> Media:
        """The post, if the caller's token may do this to it."""
        token = await self.double.token(call)
        media = self.store.media.get(node)
        if media is None:
            raise GraphError(errors.UNKNOWN_OBJECT)
        access_to(self.double.state, token, media.account, need)
        return media
