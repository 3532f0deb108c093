"""Putting a finished container live; quota; posts made in the app itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.instagram.store import Container, Media, Quota
from sandbox.ledger import Publication
from sandbox.meta import errors
from sandbox.meta.double import DAY
from sandbox.meta.errors import GraphFault
from sandbox.meta.graph import GraphError, Node, parse_fields, select
from sandbox.state import Identity

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram

PRODUCTS = {"REELS": "REELS", "STORIES": "STORY"}
LEDGER_KINDS = {"REELS": "reel", "STORIES": "story", "CAROUSEL": "carousel"}
NOT_PUBLISHABLE = {
    "IN_PROGRESS": errors.NOT_READY,
    "ERROR": errors.NOT_READY,
    "EXPIRED": errors.CREATION_EXPIRED,
}


class Publishing:
    """The one call that makes a post public, and what bounds it."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.world = double.world
        self.store = double.store

    async def publish(self, call: Call) -> web.Response:
        access = await self.double.access(call, call.params["node"], "publish")
        creation = str((await call.fields()).get("creation_id", ""))
        container = self.store.containers.get(creation)
        if container is None or container.account != access.account.id:
            raise GraphError(errors.CREATION_UNKNOWN)
        if container.published:
            return self.double.answer(call, self._again(container))
        self._check(container, access.account)
        return self.double.answer(call, {"id": self.put_live(container).id})

    def _check(self, container: Container, account: Identity) -> None:
        if account.extra["restricted"]:
            raise GraphError(errors.RESTRICTED)
        if container.is_item:
            raise GraphError(errors.BAD_PARAMETER, "(#100) A carousel item is no post")
        age_ms = (self.world.now() - container.created_at) * 1000
        if age_ms < self.double.setting("creation_unknown_ms"):
            raise GraphError(errors.CREATION_UNKNOWN)
        fault = NOT_PUBLISHABLE.get(self.double.containers.status(container))
        if fault is not None:
            raise GraphError(fault)
        if self.used(account) >= self.total(account):
            raise GraphError(errors.QUOTA_USED)

    def _again(self, container: Container) -> Node:
        """Publishing twice is not documented; the `publish_twice` switch decides."""
        habit = self.double.setting("publish_twice")
        if habit == "same_id":
            return {"id": container.published}
        if habit == "second_post":
            return {"id": self.put_live(container).id}
        raise GraphError(errors.CREATION_UNKNOWN)

    def put_live(self, container: Container) -> Media:
        """From here on the post is public: listed, counted, in the ledger."""
        facts = self.double.containers.facts_of(container)
        media = self._add_media(
            account=container.account,
            container=container.id,
            product=PRODUCTS.get(container.media_type, "FEED"),
            caption=container.caption,
            facts=facts,
        )
        container.published = media.id
        self._write_down(container, media)
        return media

    def _write_down(self, container: Container, media: Media) -> None:
        kind = LEDGER_KINDS.get(container.media_type, "image")
        extra = {"container": container.id, **container.options}
        self.world.publish(
            Publication(
                platform=self.double.key,
                profile=media.account,
                kind=kind,
                text=media.caption,
                media=media.media,
                remote_id=media.id,
                permalink=media.permalink,
                app=container.app,
                extra=extra,
            )
        )

    def _add_media(
        self,
        *,
        account: str,
        container: str,
        product: str,
        caption: str,
        facts: list[dict[str, Any]],
    ) -> Media:
        ident, shortcode = self.store.new_id("media"), secrets.token_urlsafe(8)
        media = Media(
            id=ident,
            account=account,
            container=container,
            media_type=read_back_type(facts),
            product=product,
            caption=caption,
            shortcode=shortcode,
            permalink=self._permalink(account, product, ident, shortcode),
            created_at=self.world.now(),
            media=facts,
            api=bool(container),
        )
        return self.store.add_media(media)

    def _permalink(self, account: str, product: str, ident: str, shortcode: str) -> str:
        site = "https://www.instagram.com"
        if product == "STORY":
            handle = self.double.state.identities[f"instagram:{account}"].handle
            return f"{site}/stories/{handle}/{ident}/"
        return f"{site}/{'reel' if product == 'REELS' else 'p'}/{shortcode}/"

    def post_in_app(self, account: Identity, wish: dict[str, Any]) -> Media:
        """The person posts without us: `kind` image, reel or story, and `text`."""
        kind = str(wish.get("kind") or "image")
        product = {"image": "FEED", "reel": "REELS", "story": "STORY"}.get(kind)
        if product is None:
            raise ValueError("kind must be image, reel or story.")
        facts = {"kind": "video" if kind == "reel" else "image"}
        return self._add_media(
            account=account.id,
            container="",
            product=product,
            caption=str(wish.get("text") or ""),
            facts=[facts],
        )

    def total(self, account: Identity) -> int:
        row = self.store.quotas.get(account.id)
        return row.total if row else int(self.double.setting("quota_total"))

    def used(self, account: Identity, window_s: float = DAY) -> int:
        row = self.store.quotas.get(account.id)
        stories = bool(self.double.setting("stories_use_quota"))
        since = self.world.now() - window_s
        posted = self.store.published_since(account.id, since, stories=stories)
        return posted + (row.used if row else 0)

    def set_quota(self, account: Identity, wish: dict[str, Any]) -> None:
        """`used` comes on top of what was really posted; `total` replaces."""
        total = int(wish.get("total") or self.total(account))
        self.store.quotas[account.id] = Quota(total, int(wish.get("used") or 0))
        self.store.state.touch()

    async def limit(self, call: Call) -> web.Response:
        """GET /{account}/content_publishing_limit"""
        access = await self.double.access(call, call.params["node"], "publish")
        asked = await call.fields()
        window = self._window(str(asked.get("since") or ""))
        config = {"quota_total": self.total(access.account), "quota_duration": DAY}
        node = {"quota_usage": self.used(access.account, window), "config": config}
        fields = parse_fields(str(asked.get("fields") or "quota_usage"))
        row = select(node, fields, "ContentPublishingLimit")
        return self.double.answer(call, {"data": [row]})

    def _window(self, since: str) -> float:
        if not since:
            return DAY
        age = self.world.now() - int(since) if since.isdigit() else DAY + 1
        if not 0 <= age <= DAY:
            fault = GraphFault(100, 0, "(#100) since must lie within 24 hours")
            raise GraphError(fault)
        return age


def read_back_type(facts: list[dict[str, Any]]) -> str:
    """The type a live post shows, which is not the one it was created with."""
    if len(facts) > 1:
        return "CAROUSEL_ALBUM"
    return "VIDEO" if facts[0]["kind"] == "video" else "IMAGE"
