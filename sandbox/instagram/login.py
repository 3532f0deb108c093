"""Sign-in without Facebook: consent, code, short token, long token, refresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call, Refusal, Route
from sandbox.instagram.access import API, GRAPH, LOGIN, SCOPES
from sandbox.meta import errors, people
from sandbox.meta.double import DAY, LONG_LIFE_S, SHORT_LIFE_S, bearer
from sandbox.meta.graph import GraphError, invalid
from sandbox.oauth import Consent, redeem
from sandbox.state import Code, Identity, Token

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram

REFRESH_AFTER_S = DAY
BASIC = "instagram_business_basic"


class LoginError(Refusal):
    """The token endpoint's own envelope, which is not the Graph's."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def response(self) -> web.Response:
        body = {
            "error_type": "OAuthException",
            "code": 400,
            "error_message": self.message,
        }
        return web.json_response(body, status=400)


class Login:
    """Everything around the token of an Instagram user."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.consent = Consent(
            double=double,
            title=double.title,
            explain=SCOPES,
            denied={
                "error": "access_denied",
                "error_reason": "user_denied",
                "error_description": "The user denied your request",
            },
            fragment="#_",
        )

    def routes(self) -> list[Route]:
        authorize, token = "/oauth/authorize", "/oauth/access_token"
        lengthen, refresh = "/access_token", "/refresh_access_token"
        show, decide = self.consent.show, self.consent.decide
        return [
            Route("GET", authorize, "authorize", show, (LOGIN,)),
            Route("POST", authorize, "authorize", decide, (LOGIN,)),
            Route("POST", token, "exchange", self.exchange, (API,)),
            Route("GET", lengthen, "long_lived", self.lengthen, (GRAPH,)),
            Route("GET", refresh, "refresh", self.refresh, (GRAPH,)),
        ]

    async def exchange(self, call: Call) -> web.Response:
        asked = await call.fields()
        for name in ("client_id", "client_secret", "code", "redirect_uri"):
            if not asked.get(name):
                raise LoginError(f"Missing required field {name}")
        if asked.get("grant_type") != "authorization_code":
            raise LoginError("Invalid grant_type")
        app, place = str(asked["client_id"]), str(asked["redirect_uri"])
        # People copy the redirect's tail along with the code; Meta does not mind.
        value = str(asked["code"]).removesuffix("#_")
        code = redeem(self.double, value, app, place)
        if code is None or code.platform != self.double.key:
            raise LoginError("Matching code was not found or was already used")
        call.profile = code.identity
        return web.json_response(self._short_answer(code))

    def _short_answer(self, code: Code) -> dict[str, Any]:
        """In the shape the `token_shape` switch asks for."""
        grant = self.double.grant(code.identity, code.app, code.scopes, {})
        life = self.double.lifetime(SHORT_LIFE_S)
        token = self.double.new_token(grant, "short", life)
        if self.double.setting("token_shape") == "data":
            row = {
                "access_token": token.value,
                "user_id": code.identity,
                "permissions": ",".join(code.scopes),
            }
            return {"data": [row]}
        # The flat shape prints the id as a bare number.
        return {
            "access_token": token.value,
            "user_id": int(code.identity),
            "permissions": code.scopes,
        }

    async def lengthen(self, call: Call) -> web.Response:
        asked = await call.fields()
        if asked.get("grant_type") != "ig_exchange_token":
            raise invalid("grant_type must be ig_exchange_token")
        if not asked.get("client_secret"):
            raise invalid("Missing client_secret parameter")
        token = await self.double.token(call)
        if token.kind != "short":
            raise invalid("Only a short-lived token can be exchanged")
        return self.double.answer(call, self._long_answer(token))

    def _long_answer(self, token: Token) -> dict[str, Any]:
        life = self.double.lifetime(LONG_LIFE_S)
        return bearer(self.double.new_token(token, "long", life), self.double)

    async def refresh(self, call: Call) -> web.Response:
        asked = await call.fields()
        if asked.get("grant_type") != "ig_refresh_token":
            raise invalid("grant_type must be ig_refresh_token")
        token = await self.double.token(call)
        if token.kind != "long":
            raise invalid("Only a long-lived token can be refreshed")
        if BASIC not in token.scopes:
            raise GraphError(errors.NO_PERMISSION)
        age = self.double.world.now() - token.issued_at
        if age < self.double.setting("refresh_after_s"):
            raise invalid("The token is less than 24 hours old")
        permissions = ",".join(token.scopes)
        answer = {**self._long_answer(token), "permissions": permissions}
        return self.double.answer(call, answer)

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        """What sign-in and lengthening would have returned, in one."""
        scopes = [str(name) for name in request.get("scopes") or SCOPES]
        app = str(request.get("app") or "sandbox-app")
        grant = self.double.grant(identity.id, app, scopes, {})
        kind = str(request.get("kind") or "long")
        usual = LONG_LIFE_S if kind == "long" else SHORT_LIFE_S
        token = self.double.new_token(grant, kind, self.double.lifetime(usual))
        # For tests of refreshing: a token that was issued some time ago.
        token.issued_at -= float(request.get("age_s") or 0)
        return {
            **bearer(token, self.double),
            "user_id": identity.id,
            "id": identity.extra["app_scoped_id"],
            "username": identity.handle,
            "permissions": scopes,
        }

    def mint_by_facebook(
        self, account: Identity, request: dict[str, Any]
    ) -> dict[str, Any]:
        """User and Page token of somebody who runs the account's Page."""
        person, page = self._page_for(account)
        facebook = self.double.facebook
        minted = facebook.mint(person, request)
        user = facebook.state.tokens[minted["access_token"]]
        return {
            **minted,
            "page_id": page.id,
            "page_access_token": facebook.page_token(page, user).value,
            "user_id": account.id,
            "person_id": person.id,
            "username": account.handle,
        }

    def _page_for(self, account: Identity) -> tuple[Identity, Identity]:
        """A person with all tasks on a Page linked to the account, made if need be."""
        state = self.double.state
        for page in people.pages_linked_to(state, account.id):
            for person, tasks in page.extra["tasks"].items():
                if "CREATE_CONTENT" in tasks:
                    return state.identities[f"facebook:{person}"], page
        name = account.name
        person = state.add_identity(people.new_person(state, {"name": f"{name} admin"}))
        extra = {"tasks": {person.id: people.ALL_TASKS}, "instagram": account.id}
        wish = {"name": name, "extra": extra}
        return person, state.add_identity(people.new_page(state, wish))
