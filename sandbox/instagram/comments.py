"""Comments and replies on an account's own posts."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.instagram.access import access_to
from sandbox.instagram.store import Comment, Media
from sandbox.ledger import Publication
from sandbox.meta import errors
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

# "Returns up to 50 comments": asking for more gives no more.
PAGE_SIZE = 50


class Comments:
    """Comments and replies on one's own posts."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.store = double.store

    async def _comment(self, call: Call) -> Comment:
        token = await self.double.token(call)
        comment = self.store.comments.get(call.params["node"])
        if comment is None:
            raise GraphError(errors.UNKNOWN_OBJECT)
        account = self.store.media[comment.media].account
        access_to(self.double.state, token, account, "comments")
        return comment

    def node(self, comment: Comment) -> Node:
        replies = [self._reply(reply) for reply in self.store.replies_to(comment.id)]
        return {**self._reply(comment), "replies": {"data": replies}}

    def _reply(self, comment: Comment) -> Node:
        return {
            "id": comment.id,
            "text": comment.text,
            "timestamp": timestamp(comment.created_at),
            "username": comment.username,
            "from": {"id": comment.author, "username": comment.username},
            "hidden": comment.hidden,
            "like_count": 0,
            "parent_id": comment.parent or None,
            "media": {"id": comment.media},
        }

    async def read(self, call: Call) -> web.Response:
        comment = await self._comment(call)
        return await self.double.show(call, self.node(comment), "IGComment")

    async def of_media(self, call: Call) -> web.Response:
        """GET /{media}/comments"""
        nodes = self.double.nodes
        self.double.check_reader(await self.double.token(call))
        media = await nodes.reachable(call, call.params["node"], "comments")
        return await self._answer(call, self._listed(media))

    def _listed(self, media: Media) -> list[Comment]:
        """Newest first, after a delay of their own."""
        delay = self.double.setting("comment_listing_delay_ms") / 1000
        latest = self.double.world.now() - delay
        found = self.store.comments_on(media.id)
        return [comment for comment in found if comment.created_at <= latest]

    async def replies(self, call: Call) -> web.Response:
        """GET /{comment}/replies"""
        comment = await self._comment(call)
        return await self._answer(call, self.store.replies_to(comment.id))

    async def _answer(self, call: Call, comments: list[Comment]) -> web.Response:
        asked = await call.fields()
        fields = parse_fields(str(asked.get("fields") or "id,text,timestamp"))
        if "from" in fields and not self.double.setting("comment_authors"):
            raise invalid("from cannot be read")
        asked["limit"] = str(min(as_int(asked.get("limit"), PAGE_SIZE), PAGE_SIZE))
        rows = [select(self.node(c), fields, "IGComment") for c in comments]
        address = f"https://{call.host}{call.path}"
        return self.double.answer(call, page_of(rows, asked, address))

    async def post(self, call: Call) -> web.Response:
        """POST /{media}/comments: by the account itself."""
        nodes = self.double.nodes
        media = await nodes.reachable(call, call.params["node"], "comments")
        if media.product == "STORY" or not media.comment_enabled:
            raise invalid("Comments are off for this media")
        return await self._write(call, media)

    async def reply(self, call: Call) -> web.Response:
        """POST /{comment}/replies: threads are one level deep."""
        parent = await self._comment(call)
        media = self.store.media[parent.media]
        return await self._write(call, media, parent.parent or parent.id)

    async def _write(self, call: Call, media: Media, parent: str = "") -> web.Response:
        asked = await call.fields()
        text = str(asked.get("message") or "")
        if not text:
            raise invalid("message is missing")
        account = self.double.state.identities[f"instagram:{media.account}"]
        comment = self.add(media, account.id, account.handle, text, parent)
        await self._write_down(call, media, comment)
        if "fields" in asked:
            # Meta makes the comment and then fails to read it back.
            raise GraphError(errors.COMMENT_FIELDS)
        return self.double.answer(call, {"id": comment.id})

    async def _write_down(self, call: Call, media: Media, comment: Comment) -> None:
        """What an app says in public is in the ledger, posts and comments alike."""
        token = await self.double.token(call)
        self.double.world.publish(
            Publication(
                platform=self.double.key,
                profile=media.account,
                kind="comment",
                text=comment.text,
                remote_id=comment.id,
                permalink=media.permalink,
                app=token.app,
                extra={"media": media.id, "parent": comment.parent},
            )
        )

    def add(
        self, media: Media, author: str, username: str, text: str, parent: str = ""
    ) -> Comment:
        return self.store.add_comment(
            Comment(
                id=self.store.new_id("comment"),
                media=media.id,
                text=text,
                author=author,
                username=username,
                created_at=self.double.world.now(),
                parent=parent,
            )
        )

    async def hide(self, call: Call) -> web.Response:
        comment = await self._comment(call)
        comment.hidden = as_bool((await call.fields()).get("hide"))
        self.store.state.touch()
        return self.double.answer(call, {"success": True})

    async def delete(self, call: Call) -> web.Response:
        self.store.remove_comment(await self._comment(call))
        return self.double.answer(call, {"success": True})

    def add_from_outside(self, wish: dict[str, Any]) -> Comment:
        """A follower comments: `media`, `text`, `username`, `parent`."""
        media = self.store.media.get(str(wish.get("media")))
        if media is None:
            raise ValueError("media names no post of this account.")
        username = str(wish.get("username") or "a.follower")
        author = f"9{zlib.crc32(username.encode()):015d}"
        text, parent = str(wish.get("text") or ""), str(wish.get("parent") or "")
        return self.add(media, author, username, text, parent)
