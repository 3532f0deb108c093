"""The plug-in: hosts, routes, switches, and how the parts find one another."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.callbacks import Outgoing
from sandbox.double import Call, Route
from sandbox.instagram import access, seed
from sandbox.instagram.access import Access, access_to
from sandbox.instagram.comments import Comments
from sandbox.instagram.containers import Containers
from sandbox.instagram.insights import Insights
from sandbox.instagram.login import Login
from sandbox.instagram.nodes import Nodes
from sandbox.instagram.publishing import Publishing
from sandbox.instagram.site import Site
from sandbox.instagram.store import Store
from sandbox.instagram.upload import Uploads
from sandbox.media import Received
from sandbox.meta import callbacks, errors, people
from sandbox.meta.double import VERSION, MetaDouble
from sandbox.meta.facebook import Facebook
from sandbox.meta.graph import GraphError, Node, parse_fields, select
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.world import World

CRAWLER = "facebookexternalhit/1.1"
NODE = VERSION + "/{node}"


class Instagram(MetaDouble):
    """Instagram's publishing API in both dialects."""

    key = "instagram"
    title = "Instagram sandbox"
    token_prefix = "IGAA"  # noqa: S105
    hosts = (
        access.LOGIN,
        access.API,
        access.GRAPH,
        access.FACEBOOK_GRAPH,
        access.UPLOAD,
        access.PICTURES,
    )
    steps = (
        "authorize",
        "exchange",
        "long_lived",
        "refresh",
        "me",
        "account",
        "create_container",
        "upload",
        # Happens inside; a rule here makes a container slow or fail.
        "processing",
        "container_status",
        "publish",
        "permalink",
        "publishing_limit",
        "media_list",
        "stories",
        "comments",
        "comment",
        "comment_read",
        "replies",
        "reply",
        "change",
        "delete",
        "media_insights",
        "account_insights",
        "site",
    )
    switches = {
        **MetaDouble.usage_switch,
        # "data" (a list of one) or "flat" (bare number as id).
        "token_shape": "data",
        "refresh_after_s": 86_400,
        "quota_total": 50,
        "stories_use_quota": True,
        "containers_per_day": 400,
        # A fresh post stays out of the lists for so long.
        "listing_delay_ms": 0,
        # The same for a fresh comment in the list of its post's comments.
        "comment_listing_delay_ms": 0,
        # False: asking who wrote a comment (`from`) fails the whole call.
        "comment_authors": True,
        # A fresh creation id is unknown to publish for so long (24/2207008).
        "creation_unknown_ms": 0,
        # "refuse", "same_id" or "second_post".
        "publish_twice": "refuse",
        "creator_stories": False,
        # False: Page tokens get 100/33 when they read containers and media.
        "page_token_reads": True,
        "require_faststart": True,
        # True: a robots.txt that shuts facebookexternalhit out fails the fetch.
        "honour_robots": False,
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.store = Store(self.state)
        self.login = Login(self)
        self.containers = Containers(self)
        self.uploads = Uploads(self)
        self.publishing = Publishing(self)
        self.nodes = Nodes(self)
        self.comments = Comments(self)
        self.insights = Insights(self)
        self.site = Site(self)

    @property
    def facebook(self) -> Facebook:
        """The double that signs in the persons behind the Pages."""
        double = self.world.double("facebook")
        assert isinstance(double, Facebook)
        return double

    def routes(self) -> list[Route]:
        return [
            *self.login.routes(),
            *self.uploads.routes(),
            *self._graph_routes(),
            *self.site.routes(),
        ]

    def _graph_routes(self) -> list[Route]:
        hosts = (access.GRAPH, access.FACEBOOK_GRAPH)
        nodes, comments = self.nodes, self.comments
        publishing = self.publishing
        table: list[tuple[str, str, Any, Any]] = [
            ("POST", "/media", "create_container", self.containers.create),
            ("POST", "/media_publish", "publish", publishing.publish),
            ("GET", "/content_publishing_limit", "publishing_limit", publishing.limit),
            ("GET", "/media", "media_list", nodes.media_list),
            ("GET", "/stories", "stories", nodes.stories),
            ("GET", "/comments", "comments", comments.of_media),
            ("POST", "/comments", "comment", comments.post),
            ("GET", "/replies", "replies", comments.replies),
            ("POST", "/replies", "reply", comments.reply),
            ("GET", "/insights", self._insights_step, self._insights),
            ("GET", "", nodes.step, nodes.read),
            ("POST", "", "change", nodes.change),
            ("DELETE", "", "delete", nodes.delete),
        ]
        return [
            Route(method, NODE + tail, step, handler, hosts)
            for method, tail, step, handler in table
        ]

    def _insights_step(self, call: Call) -> str:
        known = call.params["node"] in self.store.media
        return "media_insights" if known else "account_insights"

    async def _insights(self, call: Call) -> web.Response:
        if call.params["node"] in self.store.media:
            return await self.insights.of_media(call)
        return await self.insights.of_account(call)

    def seed(self) -> None:
        self.store.reindex()
        self.uploads.clear()
        seed.seed(self.state)

    def resume(self) -> None:
        self.store.reindex()
        self.containers.resume()

    async def profile_of(self, call: Call) -> str:
        node = call.params.get("node") or call.params.get("container") or ""
        row = self.store.containers.get(node) or self.store.media.get(node)
        if row is not None:
            return row.account
        if node in self.store.comments:
            return self.store.media[self.store.comments[node].media].account
        if node and f"instagram:{node}" in self.state.identities:
            return node
        token = self.state.tokens.get(await self.token_value(call))
        return token.identity if token and token.platform == self.key else ""

    async def token(self, call: Call) -> Token:
        """Each dialect's host knows its own tokens only."""
        token = await super().token(call)
        wanted = "facebook" if call.host == access.FACEBOOK_GRAPH else "instagram"
        if token.platform != wanted:
            raise GraphError(errors.BAD_TOKEN)
        return token

    def speaks(self, token: Token) -> bool:
        return token.platform in ("instagram", "facebook")

    async def access(self, call: Call, node: str, need: str) -> Access:
        """The account named in the path, "me" included, and the right to use it."""
        token = await self.token(call)
        mine = node == "me" and token.platform == self.key
        return access_to(self.state, token, token.identity if mine else node, need)

    def check_reader(self, token: Token) -> None:
        if token.kind == "page" and not self.setting("page_token_reads"):
            raise GraphError(errors.UNKNOWN_OBJECT)

    async def download(self, address: str, limit: int) -> Received:
        """As Meta's crawler does it; FetchFailed with the reason."""
        robots = bool(self.setting("honour_robots"))
        fetch = self.world.fetcher.fetch
        return await fetch(address, limit=limit, agent=CRAWLER, robots=robots)

    async def show(self, call: Call, node: Node, kind: str) -> web.Response:
        """The fields a call asks for; without any, the id."""
        fields = parse_fields(str((await call.fields()).get("fields") or "id"))
        return self.answer(call, select(node, fields, kind))

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        return people.new_account(self.state, wish)

    def picture(self, identity: Identity) -> str:
        return f"/{access.PICTURES}/avatars/{identity.id}.png"

    def callback(self, identity: Identity, wish: dict[str, Any]) -> Outgoing:
        """Of the app with Instagram's own login."""
        person = str(identity.extra["app_scoped_id"])
        return callbacks.outgoing(person, self.world.now(), wish)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """`dialect` "facebook" gives the tokens of the Page's admin instead."""
        if request.get("dialect") == "facebook":
            return self.login.mint_by_facebook(identity, request)
        return self.login.mint(identity, request)

    def _good_tokens(self, identity: Identity) -> list[Token]:
        """Every token of either dialect that reaches the account."""
        return [
            token
            for token in self.state.tokens.values()
            if not token.revoked
            and token.platform in ("instagram", "facebook")
            and identity.id in people.reach(self.state, token)
        ]

    def quota(self, identity: Identity) -> dict[str, Any]:
        used, total = self.publishing.used(identity), self.publishing.total(identity)
        return {"used": used, "total": total}

    def set_quota(self, identity: Identity, wish: dict[str, Any]) -> None:
        self.publishing.set_quota(identity, wish)

    def post_directly(self, identity: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        """`kind` image, reel, story, or comment (by a follower, on `media`)."""
        if wish.get("kind") == "comment":
            return asdict(self.comments.add_from_outside(wish))
        return asdict(self.publishing.post_in_app(identity, wish))
