"""The double of Facebook's sign-in: persons, their Pages, tokens, permissions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.avatars import draw
from sandbox.callbacks import Outgoing
from sandbox.double import Call, Route
from sandbox.meta import callbacks, errors, granular, pages, people, places
from sandbox.meta.double import (
    DAY,
    HOUR,
    LONG_LIFE_S,
    SHORT_LIFE_S,
    VERSION,
    MetaDouble,
    bearer,
)
from sandbox.meta.errors import GraphFault
from sandbox.meta.graph import GraphError, Node, invalid, page_of, parse_fields, select
from sandbox.oauth import Asset, Consent, Decision, redeem
from sandbox.state import Identity, Token

LOGIN, GRAPH = "www.facebook.com", "graph.facebook.com"
SCOPES = {
    "public_profile": "Your name and picture",
    "email": "Your e-mail address",
    "pages_show_list": "The list of Pages you manage",
    "pages_read_engagement": "Content and followers of your Pages",
    "pages_manage_posts": "Publishing on your Pages",
    "pages_manage_engagement": "Answering comments on your Pages",
    "pages_read_user_content": "Comments of others on your Pages",
    "pages_manage_metadata": "Settings of your Pages",
    "read_insights": "Insights of your Pages",
    "business_management": "Your business portfolios",
    "ads_management": "Your ad accounts",
    "ads_read": "Reading your ad accounts",
    "instagram_basic": "Profile and posts of your Instagram account",
    "instagram_content_publish": "Publishing on your Instagram account",
    "instagram_manage_insights": "Insights of your Instagram account",
    "instagram_manage_comments": "Comments on your Instagram account",
    "instagram_manage_messages": "Messages of your Instagram account",
    "instagram_manage_contents": "Deleting posts of your Instagram account",
}
CODE_USED = GraphFault(100, 36009, "The authorization code is unknown or was used")
# The cursor of an empty first listing.
FIRST = "QVFIUfirst"
PICTURE_PX = 160
SHORT_USER_S = 5177.0
WEBHOOK = "webhook"
DATA_ACCESS_S = 90 * DAY


@dataclass(slots=True)
class Grant:
    """What a person decided about one app's permissions."""

    granted: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)


class Facebook(MetaDouble):
    """Signs persons in; Instagram's double serves the accounts behind the Pages."""

    key = "facebook"
    title = "Facebook sandbox"
    hosts = (LOGIN, GRAPH, pages.PICTURES)
    steps = (
        "authorize",
        "exchange",
        "long_lived",
        "me",
        "accounts",
        "page",
        "permissions",
        "revoke",
        "debug_token",
        "search_places",
        "picture",
    )
    switches = {
        **MetaDouble.usage_switch,
        # True: the first listing of Pages is empty and yet names a next one.
        "empty_listing": False,
    }

    def __init__(self, world: Any) -> None:
        super().__init__(world)
        self.grants = self.state.table("facebook.grants", Grant)
        self.consent = Consent(
            double=self,
            title=self.title,
            explain=SCOPES,
            identities=lambda: people.persons(self.state),
            assets=self.assets,
            denied={
                "error": "access_denied",
                "error_reason": "user_denied",
                "error_description": "Permissions error",
            },
            fragment="#_=_",
            settle=self.settle,
        )

    def routes(self) -> list[Route]:
        login, graph, pictures = (LOGIN,), (GRAPH,), (pages.PICTURES,)
        v, me = VERSION, VERSION + "/me"
        dialog, show = v + "/dialog/oauth", self.consent.show
        page = f"{v}/{{page:{people.PAGE_ID}}}"
        token = v + "/oauth/access_token"
        forget = self.forget
        return [
            Route("GET", dialog, "authorize", show, login),
            Route("POST", dialog, "authorize", self.consent.decide, login),
            Route("*", token, self.token_step, self.give_token, graph),
            Route("GET", me, "me", self.me, graph),
            Route("GET", me + "/accounts", "accounts", self.accounts, graph),
            Route("GET", page, "page", self.page, graph),
            Route("GET", me + "/permissions", "permissions", self.permissions, graph),
            Route("DELETE", me + "/permissions", "revoke", forget, graph),
            Route("DELETE", me + "/permissions/{name}", "revoke", forget, graph),
            Route("GET", v + "/debug_token", "debug_token", self.debug, graph),
            Route("GET", "/pages/{page}.jpg", "picture", self.page_picture, pictures),
            Route("GET", v + "/pages/search", "search_places", self.places, graph),
        ]

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        make = people.new_page if wish.get("kind") == "page" else people.new_person
        return make(self.state, wish)

    async def profile_of(self, call: Call) -> str:
        token = self.state.tokens.get(await self.token_value(call))
        return token.identity if token and token.platform == self.key else ""

    def assets(self, person: Identity) -> list[Asset]:
        return granular.assets(self.state, person)

    def settle(self, decision: Decision) -> list[str]:
        """Declined items stay declined without `auth_type=rerequest`.

        With `config_id` (Login for Business) one refusal refuses everything.
        """
        asked, ticked = decision.asked, decision.ticked
        grant = self.grant_of(decision.identity.id, asked.client_id)
        if decision.query.get("auth_type") != "rerequest":
            ticked = [name for name in ticked if name not in grant.declined]
        if decision.query.get("config_id") and len(ticked) < len(asked.scopes):
            ticked = []
        refused = [name for name in asked.scopes if name not in ticked]
        kept = [name for name in grant.granted if name not in refused]
        grant.granted = list(dict.fromkeys([*kept, *ticked]))
        grant.declined = refused
        return list(grant.granted)

    def grant_of(self, person: str, app: str) -> Grant:
        return self.grants.setdefault(f"{person}:{app}", Grant())

    async def token_step(self, call: Call) -> str:
        kind = (await call.fields()).get("grant_type")
        return "long_lived" if kind == "fb_exchange_token" else "exchange"

    async def give_token(self, call: Call) -> web.Response:
        asked = await call.fields()
        for name in ("client_id", "client_secret"):
            if not asked.get(name):
                raise invalid(f"Missing {name} parameter")
        if asked.get("grant_type") == "fb_exchange_token":
            return self.answer(call, self.lengthen(asked))
        return self.answer(call, self.exchange(asked))

    def exchange(self, asked: dict[str, Any]) -> Node:
        app, place = str(asked["client_id"]), str(asked.get("redirect_uri", ""))
        code = redeem(self, str(asked.get("code", "")), app, place)
        if code is None or code.platform != self.key:
            raise GraphError(CODE_USED)
        person = self.state.identities[f"facebook:{code.identity}"]
        known = {asset.id for asset in self.assets(person)}
        assets = [asset for asset in code.extra["assets"] if asset in known]
        grant = self.grant(code.identity, app, code.scopes, {"assets": assets})
        return bearer(self.new_token(grant, "short", self.lifetime(SHORT_USER_S)), self)

    def lengthen(self, asked: dict[str, Any]) -> Node:
        token = self.good_token(str(asked.get("fb_exchange_token", "")))
        if token.kind not in ("short", "long") or token.app != asked["client_id"]:
            raise invalid("The token cannot be exchanged")
        return bearer(self.new_token(token, "long", self.lifetime(LONG_LIFE_S)), self)

    async def user_token(self, call: Call) -> Token:
        token = await self.token(call)
        if token.kind == "page":
            raise invalid("This call needs a user token")
        return token

    async def me(self, call: Call) -> web.Response:
        token = await self.token(call)
        identity = self.state.identities[f"facebook:{token.identity}"]
        node = {"id": identity.id, "name": identity.name}
        if token.kind == "page":
            node = self.page_node(identity, token)
        fields = parse_fields(str((await call.fields()).get("fields") or "id,name"))
        return self.answer(call, select(node, fields, "User"))

    async def accounts(self, call: Call) -> web.Response:
        token = await self.user_token(call)
        asked = await call.fields()
        fields = parse_fields(str(asked.get("fields") or "id,name,access_token,tasks"))
        shown = people.visible_pages(self.state, token)
        if "pages_show_list" not in token.scopes:
            shown = []
        nodes = [select(self.page_node(p, token), fields, "Page") for p in shown]
        address = f"https://{GRAPH}{call.path}"
        if not self.setting("empty_listing"):
            return self.answer(call, page_of(nodes, asked, address))
        return self.answer(call, _after_an_empty_one(nodes, asked, address))

    async def page(self, call: Call) -> web.Response:
        token = await self.token(call)
        fields = parse_fields(str((await call.fields()).get("fields") or "id,name"))
        for page in people.visible_pages(self.state, token):
            if page.id == call.params["page"]:
                node = select(self.page_node(page, token), fields, "Page")
                return self.answer(call, node)
        raise GraphError(errors.UNKNOWN_OBJECT)

    def page_node(self, page: Identity, token: Token) -> Node:
        own = self.page_token(page, token).value
        return pages.page_node(self.state, page, token, own)

    def picture(self, identity: Identity) -> str:
        page = identity.kind == "page"
        return f"/{pages.PICTURES}/pages/{identity.id}.jpg" if page else ""

    async def page_picture(self, call: Call) -> web.Response:
        page = self.state.identities.get(f"facebook:{call.params['page']}")
        if page is None:
            return web.Response(status=404)
        body = draw(page.name, page.id, PICTURE_PX)
        return web.Response(body=body, content_type="image/jpeg")

    def page_token(self, page: Identity, token: Token) -> Token:
        """One a Page, person and app; without expiry if asked with a long token."""
        if token.kind == "page":
            return token
        kept = [
            known
            for known in self.state.tokens_of(self.key, page.id)
            if known.extra["from"] == token.value and not known.revoked
        ]
        if kept:
            return kept[0]
        extra = {**token.extra, "person": token.identity, "from": token.value}
        grant = self.grant(page.id, token.app, token.scopes, extra)
        life = None if token.kind == "long" else SHORT_LIFE_S
        return self.new_token(grant, "page", life)

    async def permissions(self, call: Call) -> web.Response:
        token = await self.user_token(call)
        grant = self.grant_of(token.identity, token.app)
        rows = [{"permission": name, "status": "granted"} for name in token.scopes]
        declined = [name for name in grant.declined if name not in token.scopes]
        rows += [{"permission": name, "status": "declined"} for name in declined]
        return self.answer(call, {"data": rows})

    async def forget(self, call: Call) -> web.Response:
        """The whole app, or one permission."""
        token = await self.user_token(call)
        name = call.params.get("name", "")
        identity = self.state.identities[f"facebook:{token.identity}"]
        if name:
            self.remove_permissions(identity, [name])
        else:
            self.revoke(identity, "removed")
        return self.answer(call, {"success": True})

    def remove_permissions(self, identity: Identity, names: list[str]) -> int:
        for key, grant in self.grants.items():
            if key.startswith(identity.id + ":"):
                gone = [name for name in grant.granted if name in names]
                grant.granted = [n for n in grant.granted if n not in names]
                grant.declined = [*grant.declined, *gone]
        return super().remove_permissions(identity, names)

    def _good_tokens(self, identity: Identity) -> list[Token]:
        """A person's own tokens and the Page tokens that came from them."""
        return [
            token
            for token in self.state.tokens.values()
            if token.platform == self.key
            and identity.id in (token.identity, token.extra.get("person"))
            and not token.revoked
        ]

    async def debug(self, call: Call) -> web.Response:
        asked = await call.fields()
        if "|" not in str(asked.get("access_token", "")):
            await self.token(call)
        value = str(asked.get("input_token", ""))
        return self.answer(call, {"data": self.token_facts(value)})

    def token_facts(self, value: str) -> Node:
        token = self.state.tokens.get(value)
        problem = self.token_problem(token) if token else errors.BAD_TOKEN
        facts: Node = {"is_valid": problem is None, "scopes": []}
        if problem is not None:
            words = {"code": problem.code, "message": problem.message}
            facts["error"] = {**words, "subcode": problem.subcode}
        if token is None:
            return facts
        issued, ends = int(token.issued_at), int(token.expires_at or 0)
        return {
            **facts,
            "app_id": token.app,
            "type": "PAGE" if token.kind == "page" else "USER",
            "issued_at": issued,
            "expires_at": ends,
            "data_access_expires_at": issued + DATA_ACCESS_S,
            "scopes": token.scopes,
            "granular_scopes": granular.scopes(self.state, token),
            "user_id": token.extra.get("person", token.identity),
        }

    async def places(self, call: Call) -> web.Response:
        """Pages with coordinates, for `location_id`."""
        await self.token(call)
        asked = await call.fields()
        fields = parse_fields(str(asked.get("fields") or "id,name"))
        nodes = places.search(str(asked.get("q", "")))
        rows = [select(node, fields, "Page") for node in nodes]
        return self.answer(call, {"data": rows})

    def callback(self, identity: Identity, wish: dict[str, Any]) -> Outgoing:
        """About a person, whatever Pages they have connected."""
        if identity.kind != "person":
            raise ValueError("Facebook's callbacks are about persons.")
        form = callbacks.changed if wish.get("name") == WEBHOOK else callbacks.outgoing
        return form(identity.id, self.world.now(), wish)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """A person's user token, `kind` long or short, with all scopes by default."""
        if identity.kind != "person":
            raise ValueError("Tokens are for persons; Pages come by /me/accounts.")
        app = str(request.get("app") or "sandbox-app")
        scopes = [str(name) for name in request.get("scopes") or SCOPES]
        kind = str(request.get("kind") or "long")
        life = self.lifetime(LONG_LIFE_S if kind == "long" else HOUR)
        assets = request.get("assets")
        grant = self.grant(identity.id, app, scopes, {"assets": assets})
        token = self.new_token(grant, kind, life)
        return {**bearer(token, self), "user_id": identity.id, "permissions": scopes}


def _after_an_empty_one(nodes: list[Node], asked: Node, address: str) -> Node:
    """An empty listing that has a next one, then all of them."""
    if asked.get("after"):
        later = {**asked, "after": "" if asked["after"] == FIRST else asked["after"]}
        return page_of(nodes, later, address)
    cursors = {"before": FIRST, "after": FIRST}
    following = f"{address}?{urlencode({**asked, 'after': FIRST})}"
    return {"data": [], "paging": {"cursors": cursors, "next": following}}
