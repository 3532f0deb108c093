"""The plug-in: consent with tick boxes, tokens, accounts, locations, their standing.

Publishing is not there yet; the adapter is connect only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call, Double, Route
from sandbox.faults import Fault
from sandbox.google_business import people
from sandbox.google_business.errors import BY_HTTP, ApiError, TokenError
from sandbox.google_business.people import Account, Book
from sandbox.google_business.tokens import SIGN_IN, Tokens
from sandbox.oauth import Consent, ConsentRefused, Decision, Request
from sandbox.state import Identity, Token

if TYPE_CHECKING:
    from sandbox.world import World

LOGIN, OAUTH = "accounts.google.com", "oauth2.googleapis.com"
ACCOUNTS = "mybusinessaccountmanagement.googleapis.com"
LOCATIONS = "mybusinessbusinessinformation.googleapis.com"
VERIFICATIONS = "mybusinessverifications.googleapis.com"
MANAGE = "https://www.googleapis.com/auth/business.manage"
SCOPES = {
    MANAGE: "See, edit, create and delete your Google business listings",
    "openid": "Who you are at Google",
    "email": "Your e-mail address",
    "profile": "Your name and picture",
}
FIELDS = frozenset(
    (
        "name",
        "title",
        "storeCode",
        "storefrontAddress",
        "websiteUri",
        "languageCode",
        "metadata",
    )
)
# Usual and largest size of a page.
ACCOUNT_PAGE, LOCATION_PAGE = (20, 20), (10, 100)
OAUTH_STEPS = ("exchange", "refresh", "revoke")


class GoogleBusiness(Double):
    key = people.KEY
    title = "Google sandbox"
    hosts = (LOGIN, OAUTH, ACCOUNTS, LOCATIONS, VERIFICATIONS)
    steps = (
        "authorize",
        "exchange",
        "refresh",
        "revoke",
        "accounts",
        "locations",
        "location",
        "merchant_state",
    )
    switches = {
        # False: the project hasn't got access yet, its quota is 0 a minute.
        "approved": True,
        # False: the APIs aren't turned on in the project.
        "enabled": True,
        # True: the consent screen is in testing, refresh tokens live for a week.
        "testing_mode": False,
        # Pages hold no more than this; 0 = as asked.
        "page_size": 0,
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        table = self.state.table("google_business.accounts", Account)
        self.book = Book(self.state, table)
        self.tokens = Tokens(self)
        self.consent = Consent(
            double=self,
            title=self.title,
            explain=SCOPES,
            identities=self.book.logins,
            tail="/4-x",
            required=SIGN_IN,
            request_of=self.read,
            extra_of=lasting_of,
            settle=settle,
        )

    def routes(self) -> list[Route]:
        page, tokens = self.consent, self.tokens
        login, oauth, places = (LOGIN,), (OAUTH,), (LOCATIONS,)
        authorize, account = "/o/oauth2/v2/auth", "/v1/accounts/{account}/locations"
        state = "/v1/locations/{location}/VoiceOfMerchantState"
        merchant = self.merchant_state
        return [
            Route("GET", authorize, "authorize", page.show, login),
            Route("POST", authorize, "authorize", page.decide, login),
            Route("POST", "/token", tokens.step, tokens.give, oauth),
            Route("POST", "/revoke", "revoke", tokens.revoke, oauth),
            Route("GET", "/v1/accounts", "accounts", self.accounts, (ACCOUNTS,)),
            Route("GET", account, "locations", self.locations, places),
            Route("GET", "/v1/locations/{id}", "location", self.location, places),
            Route("GET", state, "merchant_state", merchant, (VERIFICATIONS,)),
        ]

    def read(self, query: dict[str, Any]) -> Request:
        """Scopes with blanks, all of them known."""
        if "," in str(query.get("scope", "")):
            raise ConsentRefused(self.title, "Error 400: invalid_scope")
        asked = self.consent.read(query)
        if not asked.scopes or not set(asked.scopes) <= set(SCOPES):
            raise ConsentRefused(self.title, "Error 400: invalid_scope")
        return asked

    def seed(self) -> None:
        people.seed(self.book)

    async def profile_of(self, call: Call) -> str:
        token = self.state.tokens.get(call.bearer())
        return token.identity if token and token.platform == self.key else ""

    async def accounts(self, call: Call) -> web.Response:
        login = self._login(call)
        nodes = [
            people.account_node(account, login)
            for account in self.book.accounts_of(login)
        ]
        return self._page(call, "accounts", nodes, ACCOUNT_PAGE)

    async def locations(self, call: Call) -> web.Response:
        """`accounts/-` stands for all of the login's."""
        login = self._login(call)
        mine = {account.id for account in self.book.accounts_of(login)}
        wanted = mine if call.params["account"] == "-" else {call.params["account"]}
        if not wanted <= mine:
            raise denied()
        mask = self._mask(call)
        found = {
            each.id: each
            for account in wanted
            for each in self.book.locations_in(account)
        }
        nodes = [masked(each, mask) for each in found.values()]
        return self._page(call, "locations", nodes, LOCATION_PAGE)

    async def location(self, call: Call) -> web.Response:
        login = self._login(call)
        mask = self._mask(call)
        found = self._reached(login, call.params["id"])
        return web.json_response(masked(found, mask))

    async def merchant_state(self, call: Call) -> web.Response:
        login = self._login(call)
        found = self._reached(login, call.params["location"])
        return web.json_response(people.merchant_state(found))

    def _login(self, call: Call) -> str:
        """Who asks, after all that Google looks at first."""
        token = self._token(call)
        if not self.setting("enabled"):
            words = "My Business API has not been used in project 1 before."
            raise ApiError("PERMISSION_DENIED", words, "SERVICE_DISABLED")
        if not self.setting("approved"):
            words = "Quota exceeded for quota metric 'Requests'."
            limits = {"quota_limit_value": "0", "quota_limit": "DefaultPerMinute"}
            reason = "RATE_LIMIT_EXCEEDED"
            raise ApiError("RESOURCE_EXHAUSTED", words, reason, limits)
        if MANAGE not in token.scopes:
            words = "Request had insufficient authentication scopes."
            reason = "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
            raise ApiError("PERMISSION_DENIED", words, reason)
        return token.identity

    def _token(self, call: Call) -> Token:
        token = self.state.tokens.get(call.bearer())
        if token is None or token.kind != "access" or not self.tokens.living(token):
            words = "Request had invalid authentication credentials."
            raise ApiError("UNAUTHENTICATED", words)
        return token

    def _reached(self, login: str, ident: str) -> Identity:
        found = self.state.identities.get(f"{self.key}:{ident}")
        if found is None or found.kind != "location":
            raise ApiError("NOT_FOUND", "Requested entity was not found.")
        if not self.book.reaches(login, found):
            raise denied()
        return found

    def _mask(self, call: Call) -> list[str]:
        names = str(call.request.query.get("readMask", "")).split(",")
        if not set(names) <= FIELDS:
            words = "Request contains an invalid argument."
            raise ApiError("INVALID_ARGUMENT", words)
        return names

    def _page(
        self,
        call: Call,
        key: str,
        nodes: list[dict[str, Any]],
        sizes: tuple[int, int],
    ) -> web.Response:
        """What is empty isn't in the answer."""
        query = call.request.query
        usual, largest = sizes
        size = min(int(query.get("pageSize") or usual), largest)
        size = min(size, int(self.setting("page_size") or size))
        start = int(str(query.get("pageToken") or "p0").removeprefix("p"))
        body: dict[str, Any] = {key: nodes[start : start + size]}
        if start + size < len(nodes):
            body["nextPageToken"] = f"p{start + size}"
        return web.json_response({k: value for k, value in body.items() if value})

    def not_found(self, call: Call) -> web.Response:
        return ApiError("NOT_FOUND", "The requested URL was not found.").response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """`detail.code` names another status, or another error of the token endpoint."""
        code = str(rule.detail.get("code", ""))
        if call.step in OAUTH_STEPS:
            words = "Something went wrong."
            return TokenError(code or "internal_failure", words, rule.status).response()
        status = code or BY_HTTP.get(rule.status, "INTERNAL")
        return ApiError(status, "Internal error encountered.").response()

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        """No header tells of it."""
        words = "Quota exceeded for quota metric 'Requests'."
        limits = {"quota_limit_value": "300"}
        reason = "RATE_LIMIT_EXCEEDED"
        return ApiError("RESOURCE_EXHAUSTED", words, reason, limits).response()

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        is_place = wish.get("kind") == "location"
        return (self.book.new_location if is_place else self.book.new_login)(wish)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        if identity.kind != "person":
            raise ValueError("Tokens are for logins; locations come by listing them.")
        scopes = [str(name) for name in request.get("scopes") or SCOPES]
        app = str(request.get("app") or "sandbox-app")
        return self.tokens.issue(identity, app, scopes, lasting=True)

    def revoke(self, identity: Identity, reason: str) -> int:
        """A login: `reason` "rapt" and "admin" show at the next renewal. A location:
        nobody has a role there any more."""
        if identity.kind == "location":
            identity.extra["accounts"] = []
            self.state.touch()
            return 0
        self.tokens.forget(identity.id)
        return super().revoke(identity, reason or "removed")


def lasting_of(query: dict[str, Any]) -> dict[str, Any]:
    """What decides about a refresh token."""
    prompts = str(query.get("prompt", "")).split()
    return {
        "offline": query.get("access_type") == "offline",
        "consent": "consent" in prompts,
    }


def settle(decision: Decision) -> list[str]:
    """A single scope has no tick box: it is all or nothing."""
    asked = decision.asked.scopes
    return asked if len(asked) == 1 else decision.ticked


def denied() -> ApiError:
    return ApiError("PERMISSION_DENIED", "The caller does not have permission")


def masked(location: Identity, mask: list[str]) -> dict[str, Any]:
    node = people.location_node(location)
    return {name: value for name, value in node.items() if name in mask}
