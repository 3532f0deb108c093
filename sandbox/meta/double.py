"""Base of Meta's doubles: tokens and answers as the Graph API has them."""

from __future__ import annotations

import secrets
from typing import Any

from aiohttp import web

from sandbox.double import Call, Double
from sandbox.faults import Fault
from sandbox.meta import errors
from sandbox.meta.graph import (
    GraphError,
    Node,
    fault_response,
    limited_response,
    usage_headers,
)
from sandbox.state import Token

# Any `vNN.N`; a call without a version is answered too.
VERSION = r"{version:(?:/v\d+\.\d+)?}"
HOUR = 3600
DAY = 24 * HOUR
SHORT_LIFE_S = HOUR
LONG_LIFE_S = 60 * DAY
# Words of `Token.revoked`; anything else reads as "removed".
REVOKED = {
    "removed": errors.APP_REMOVED,
    "password": errors.PASSWORD_CHANGED,
    "role": errors.NO_PAGE_ROLE,
}


class MetaDouble(Double):
    """`token_prefix` is how the platform's tokens begin."""

    token_prefix = "EAA"  # noqa: S105
    # How full the usage headers say the rate window is, in percent.
    usage_switch = {"usage_percent": 3}

    def not_found(self, call: Call) -> web.Response:
        return GraphError(errors.UNKNOWN_OBJECT, status=404).response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        return fault_response(rule)

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        return limited_response(rule, call)

    def answer(self, call: Call, data: Any) -> web.Response:
        """A Graph answer with its usage headers."""
        percent = int(self.setting("usage_percent"))
        headers = usage_headers(call.profile, percent)
        return web.json_response(data, headers=headers)

    async def token_value(self, call: Call) -> str:
        value = (await call.fields()).get("access_token")
        return str(value or call.bearer())

    async def token(self, call: Call) -> Token:
        """The caller's token; GraphError 190 tells what is wrong with it."""
        return self.good_token(await self.token_value(call))

    def good_token(self, value: str) -> Token:
        token = self.state.tokens.get(value)
        if token is None or not self.speaks(token):
            raise GraphError(errors.BAD_TOKEN)
        problem = self.token_problem(token)
        if problem is not None:
            raise GraphError(problem)
        return token

    def speaks(self, token: Token) -> bool:
        """Whether this double's hosts know tokens of this kind."""
        return token.platform == self.key

    def token_problem(self, token: Token) -> errors.GraphFault | None:
        if token.revoked:
            return REVOKED.get(token.revoked, errors.APP_REMOVED)
        if token.expires_at is not None and token.expires_at <= self.world.now():
            return errors.TOKEN_EXPIRED
        return None

    def lifetime(self, usual: float) -> float:
        """Seconds; the `token_lifetime_s` setting shortens or lengthens all."""
        return float(self.world.settings["token_lifetime_s"] or usual)

    def new_token(self, like: Token, kind: str, life: float | None) -> Token:
        """A token of another kind for the same grant. `life` None = no expiry."""
        now = self.world.now()
        return self.state.add_token(
            Token(
                value=self.token_prefix + secrets.token_urlsafe(90),
                platform=like.platform,
                identity=like.identity,
                kind=kind,
                app=like.app,
                scopes=list(like.scopes),
                issued_at=now,
                expires_at=None if life is None else now + life,
                extra=dict(like.extra),
            )
        )

    def grant(
        self, identity: str, app: str, scopes: list[str], extra: dict[str, Any]
    ) -> Token:
        """A pattern for `new_token`; not itself a token anybody holds."""
        return Token("", self.key, identity, "", app, scopes, 0, None, "", extra)


def bearer(token: Token, double: MetaDouble) -> Node:
    """The Graph API's token answer."""
    answer: Node = {"access_token": token.value, "token_type": "bearer"}
    if token.expires_at is not None:
        answer["expires_in"] = int(token.expires_at - double.world.now())
    return answer
