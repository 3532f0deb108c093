"""The plug-in: consent, tokens, members, roles on organizations.

Publishing is not there yet; the adapter is connect only.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.avatars import draw
from sandbox.double import Call, Double, Route
from sandbox.faults import Fault
from sandbox.linkedin import people
from sandbox.linkedin.errors import ApiError, TokenError
from sandbox.linkedin.tokens import COMMUNITY, Tokens
from sandbox.oauth import Consent, ConsentRefused, Request, split_scopes
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.world import World

LOGIN, API = "www.linkedin.com", "api.linkedin.com"
SIGN_IN = {
    "openid": "Who you are at LinkedIn",
    "profile": "Your name and picture",
    "email": "Your e-mail address",
}
SCOPES = {**SIGN_IN, "w_member_social": "Posting as yourself", **COMMUNITY}
LISTS_PAGES = frozenset({"r_organization_admin", "rw_organization_admin"})
OAUTH_STEPS = ("exchange", "refresh", "revoke", "introspect")
_IDS = re.compile(r"ids=List\(([\d,]*)\)")
# Parameters of a listing, with what they are when left out.
PAGING = (("start", 0), ("count", 10))
PICTURE_PX = 160
MONTHS = 12


class LinkedIn(Double):
    key = people.KEY
    title = "LinkedIn sandbox"
    hosts = (LOGIN, API, people.PICTURES)
    steps = (
        "authorize",
        "exchange",
        "refresh",
        "revoke",
        "introspect",
        "me",
        "roles",
        "organizations",
        "picture",
    )
    switches = {
        # False: not even an app for Pages gets a refresh token.
        "refresh_tokens": True,
        # False: a renewal doesn't repeat the refresh token.
        "repeats_refresh_token": True,
        # How scopes are parted in an answer.
        "scopes_with_commas": True,
        # What the organization's field of a role is called.
        "role_field": "organization",
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tokens = Tokens(self)
        self.consent = Consent(
            double=self,
            title=self.title,
            explain=SCOPES,
            identities=lambda: people.members(self.state),
            denied={
                "error": "user_cancelled_authorize",
                "error_description": "The user cancelled the authorization",
            },
            # LinkedIn has no boxes: all or nothing.
            required=frozenset(SCOPES),
            request_of=self.read,
        )

    def routes(self) -> list[Route]:
        login, api, tokens = (LOGIN,), (API,), self.tokens
        page, v2 = "/oauth/v2/authorization", "/oauth/v2"
        roles, lookup = "/rest/organizationAcls", "/rest/organizationsLookup"
        picture, shown = "/members/{member}.jpg", (people.PICTURES,)
        introspect = v2 + "/introspectToken"
        return [
            Route("GET", page, "authorize", self.authorize, login),
            Route("POST", page, "authorize", self.consent.decide, login),
            Route("POST", v2 + "/accessToken", tokens.step, tokens.give, login),
            Route("POST", v2 + "/revoke", "revoke", tokens.revoke, login),
            Route("POST", introspect, "introspect", tokens.introspect, login),
            Route("GET", "/v2/userinfo", "me", self.userinfo, api),
            Route("GET", "/v2/me", "me", self.me, api),
            Route("GET", roles, "roles", self.roles, api),
            Route("GET", lookup, "organizations", self.organizations, api),
            Route("GET", picture, "picture", self.member_picture, shown),
        ]

    async def authorize(self, call: Call) -> web.StreamResponse:
        """A scope that the app's products don't have ends the flow at once."""
        query = call.request.query
        scopes = set(split_scopes(query.get("scope", "")))
        mixed = bool(scopes & set(SIGN_IN)) and bool(scopes & set(COMMUNITY))
        if query.get("redirect_uri") and (mixed or not scopes <= set(SCOPES)):
            answer = {
                "error": "unauthorized_scope_error",
                "error_description": "A scope is not authorized for your application",
                "state": query.get("state", ""),
            }
            place = f"{query['redirect_uri']}?{urlencode(answer)}"
            return web.Response(status=303, headers={"Location": place})
        return await self.consent.show(call)

    def read(self, query: dict[str, Any]) -> Request:
        if "," in str(query.get("scope", "")):
            raise ConsentRefused(self.title, "Scopes are parted by blanks.")
        return self.consent.read(query)

    def seed(self) -> None:
        people.seed(self.state)

    async def profile_of(self, call: Call) -> str:
        token = self.state.tokens.get(call.bearer())
        return token.identity if token and token.platform == self.key else ""

    async def userinfo(self, call: Call) -> web.Response:
        """The picture and the name need `profile`."""
        token = self._token(call, frozenset({"openid"}))
        told = people.userinfo(self._member(token), token.app)
        if "profile" not in token.scopes:
            told = {"sub": told["sub"]}
        return web.json_response(told)

    async def me(self, call: Call) -> web.Response:
        token = self._token(call, frozenset({"r_basicprofile"}))
        return web.json_response(people.me(self._member(token), token.app))

    async def roles(self, call: Call) -> web.Response:
        token = self._token(call, LISTS_PAGES)
        self._check_headers(call)
        query = call.request.query
        if query.get("q") != "roleAssignee":
            raise ApiError("INVALID_VALUE_FOR_FIELD", "q must name a finder")
        found = people.acls(self.state, self._member(token), token.app)
        start, count = (int(query.get(name) or usual) for name, usual in PAGING)
        field = str(self.setting("role_field"))
        elements = [_renamed(each, field) for each in found[start : start + count]]
        paging = {"start": start, "count": count, "total": len(found)}
        return web.json_response({"elements": elements, "paging": paging})

    async def organizations(self, call: Call) -> web.Response:
        """`ids=List(1,2)`, brackets and commas as they are."""
        self._token(call, LISTS_PAGES)
        self._check_headers(call)
        asked = _IDS.search(call.request.rel_url.raw_query_string)
        if asked is None:
            raise ApiError("INVALID_VALUE_FOR_FIELD", "ids must be a List(...)")
        wanted = asked[1].split(",")
        known = {each.id: each for each in people.organizations(self.state)}
        found = [known[ident] for ident in wanted if ident in known]
        results = {each.id: people.organization_node(each) for each in found}
        statuses = {ident: 404 for ident in wanted if ident not in known}
        return web.json_response({"results": results, "statuses": statuses})

    async def member_picture(self, call: Call) -> web.Response:
        member = self.state.identities.get(f"linkedin:{call.params['member']}")
        if member is None:
            return web.Response(status=404)
        body = draw(member.name, member.id, PICTURE_PX)
        return web.Response(body=body, content_type="image/jpeg")

    def _check_headers(self, call: Call) -> None:
        """A month of the past year, and the protocol of these addresses."""
        headers = call.request.headers
        version = headers.get("Linkedin-Version", "")
        if not version:
            raise ApiError("VERSION_MISSING", "A version must be present.")
        if not self._is_alive(version):
            words = f"Requested version {version} is not active"
            raise ApiError("NONEXISTENT_VERSION", words)
        if headers.get("X-Restli-Protocol-Version") != "2.0.0":
            words = "X-Restli-Protocol-Version must be 2.0.0"
            raise ApiError("INVALID_VALUE_FOR_FIELD", words)

    def _is_alive(self, version: str) -> bool:
        if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version):
            return False
        today = datetime.fromtimestamp(self.world.now(), tz=UTC)
        age = (today.year - int(version[:4])) * 12 + today.month - int(version[4:])
        return 0 <= age <= MONTHS

    def _token(self, call: Call, scopes: frozenset[str]) -> Token:
        """One of the scopes is enough."""
        token = self.state.tokens.get(call.bearer())
        if token is None or token.platform != self.key or token.kind != "access":
            raise ApiError("INVALID_ACCESS_TOKEN", "Invalid access token")
        status = self.tokens.status(token)
        if status != "active":
            words = f"The token used in the request is {status}"
            raise ApiError(f"{status.upper()}_ACCESS_TOKEN", words)
        if not scopes & set(token.scopes):
            words = f"Not enough permissions to access: {call.step}.GET"
            raise ApiError("ACCESS_DENIED", words)
        return token

    def _member(self, token: Token) -> Identity:
        return self.state.identities[f"linkedin:{token.identity}"]

    def not_found(self, call: Call) -> web.Response:
        return ApiError("RESOURCE_NOT_FOUND", "No virtual resource found").response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """`detail.code` names another code than the one for an outage."""
        code = str(rule.detail.get("code", ""))
        words = "Something went wrong."
        if call.step in OAUTH_STEPS:
            return TokenError(code or "server_error", words, rule.status).response()
        code = code or "INTERNAL_SERVER_ERROR"
        return ApiError(code, words, rule.status).response()

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        """Until midnight UTC; seldom a header tells of it."""
        words = "Resource level throttle APPLICATION DAY limit is reached"
        answer = ApiError("TOO_MANY_REQUESTS", words).response()
        if rule.retry_after:
            answer.headers["Retry-After"] = str(rule.retry_after)
        return answer

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        page = wish.get("kind") == "organization"
        make = people.new_organization if page else people.new_member
        return make(self.state, wish)

    def picture(self, identity: Identity) -> str:
        member = identity.kind == "member"
        return f"/{people.PICTURES}/members/{identity.id}.jpg" if member else ""

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """`scopes` say which kind of app it is; an app for Pages by default."""
        if identity.kind != "member":
            raise ValueError("Tokens are for members; Pages come by their roles.")
        pages = ["w_member_social", *COMMUNITY]
        scopes = [str(name) for name in request.get("scopes") or pages]
        app = str(request.get("app") or "sandbox-app")
        return self.tokens.issue(identity, app, scopes)

    def revoke(self, identity: Identity, reason: str) -> int:
        """Of an organization: nobody has a role there any more."""
        if identity.kind == "organization":
            identity.extra["roles"] = {}
            self.state.touch()
            return 0
        return super().revoke(identity, reason or "removed")


def _renamed(role: dict[str, str], field: str) -> dict[str, str]:
    """Older versions have other names for the organization's field."""
    rest = {name: value for name, value in role.items() if name != "organization"}
    return {field: role["organization"], **rest}
