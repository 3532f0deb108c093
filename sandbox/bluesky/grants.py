"""The authorization server: pushed requests, consent, tokens, revocation."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from aiohttp import web

from sandbox.bluesky.accounts import Accounts, check_active
from sandbox.bluesky.clients import Authenticated, Clients
from sandbox.bluesky.dpop import BadProof, Dpop, Proof, b64url
from sandbox.bluesky.errors import OAuthError, XrpcError, dpop_challenge
from sandbox.bluesky.rows import Pushed, Session
from sandbox.bluesky.scopes import EXPLAINED, known
from sandbox.bluesky.tokens import Tokens
from sandbox.double import Call, Double, Handler
from sandbox.oauth import Consent, ConsentRefused, Request
from sandbox.state import Code, Identity, Token

REQUEST_PREFIX = "urn:ietf:params:oauth:request_uri:"
REQUEST_LIFE_S = 300
CODE_LIFE_S = 300
CHALLENGE_LENGTH = 43
BAD_JKT = "DPoP proof does not match the expected JKT"


def invalid(description: str) -> OAuthError:
    return OAuthError("invalid_request", description)


def bad_grant(description: str) -> OAuthError:
    return OAuthError("invalid_grant", description)


class Grants:
    """One authorization server for each issuer host."""

    def __init__(
        self,
        double: Double,
        accounts: Accounts,
        tokens: Tokens,
        dpop: Dpop,
        clients: Clients,
    ) -> None:
        self.double, self.accounts = double, accounts
        self.tokens, self.dpop, self.clients = tokens, dpop, clients
        self.world, self.state = double.world, double.state
        self.pushed = self.state.table("bluesky.pushed", Pushed)

    def endpoint(self, handler: Handler) -> Handler:
        """Every answer tells the next nonce, a refusal too."""

        async def answer(call: Call) -> web.StreamResponse:
            try:
                return await handler(call)
            except OAuthError as error:
                error.headers.setdefault("DPoP-Nonce", self.dpop.nonce(call.host))
                raise

        return answer

    async def par(self, call: Call) -> web.Response:
        """Every authorization begins here: 201 and a `request_uri`."""
        form = await call.fields()
        proof = self._proof(call)
        who = await self.clients.authenticate(form, f"https://{call.host}")
        parameters = checked_parameters(form, who)
        request = Pushed(
            uri=f"{REQUEST_PREFIX}req-{secrets.token_hex(16)}",
            issuer=f"https://{call.host}",
            client=who.client.id,
            client_key=who.key,
            parameters=parameters,
            jkt=proof.jkt if proof else "",
            expires_at=self.world.now() + REQUEST_LIFE_S,
            name=who.client.name,
        )
        self.pushed[request.uri] = request
        self.state.touch()
        body = {"request_uri": request.uri, "expires_in": REQUEST_LIFE_S - 1}
        return self.answer(call, body, 201)

    def answer(self, call: Call, body: Any, status: int = 200) -> web.Response:
        headers = {
            "DPoP-Nonce": self.dpop.nonce(call.host),
            "Cache-Control": "no-store",
        }
        return web.json_response(body, status=status, headers=headers)

    def _proof(self, call: Call) -> Proof | None:
        """Refuses a bad proof the OAuth way: a missing nonce is HTTP 400."""
        try:
            proof = self.dpop.check(call)
            if proof is not None:
                self.dpop.use(proof)
        except BadProof as bad:
            raise refusal(bad) from bad
        return proof

    def consent(self, call: Call) -> Consent:
        issuer = self.double.setting("wrong_iss") or f"https://{call.host}"
        return Consent(
            double=self.double,
            title="Bluesky",
            explain=EXPLAINED,
            identities=lambda: self._choices(call),
            denied={
                "iss": issuer,
                "error": "access_denied",
                "error_description": "The user rejected the request",
            },
            granted={"iss": issuer},
            required=frozenset({"atproto"}),
            request_of=self._request_of,
            extra_of=self._extra_of,
        )

    async def show(self, call: Call) -> web.StreamResponse:
        return await self.consent(call).show(call)

    async def decide(self, call: Call) -> web.StreamResponse:
        answer = await self.consent(call).decide(call)
        self.pushed.pop(str(call.request.query.get("request_uri", "")), None)
        self.state.touch()
        return answer

    def _choices(self, call: Call) -> list[Identity]:
        """This server's accounts; the one the app named comes first."""
        accounts = self.accounts.of_issuer(f"https://{call.host}")
        request = self.pushed.get(call.request.query.get("request_uri", ""))
        hint = request.parameters.get("login_hint", "") if request else ""
        hinted = self.accounts.find(hint) if hint else None
        return sorted(accounts, key=lambda account: account is not hinted)

    def _request_of(self, query: dict[str, Any]) -> Request:
        """Only `client_id` and `request_uri` may stand in the address."""
        request = self.pushed.get(str(query.get("request_uri", "")))
        if request is None or request.client != query.get("client_id"):
            raise ConsentRefused("Bluesky", "The request_uri is unknown or was used.")
        if request.expires_at < self.world.now():
            raise ConsentRefused("Bluesky", "The request has expired. Start again.")
        return Request(
            client_id=request.client,
            redirect_uri=request.parameters["redirect_uri"],
            scopes=request.parameters["scope"].split(),
            state=request.parameters.get("state", ""),
            name=request.name,
        )

    def _extra_of(self, query: dict[str, Any]) -> dict[str, Any]:
        request = self.pushed[str(query["request_uri"])]
        return {
            "challenge": request.parameters["code_challenge"],
            "jkt": request.jkt,
            "client_key": request.client_key,
            "issued_at": self.world.now(),
        }

    async def token(self, call: Call) -> web.Response:
        """Code exchange and refresh; the proof's key is the session's for ever."""
        form = await call.fields()
        proof = self._proof(call)
        if proof is None:
            raise refusal(BadProof("DPoP proof required"))
        who = await self.clients.authenticate(form, f"https://{call.host}")
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return self.answer(call, self._exchange(form, who, proof))
        if grant == "refresh_token":
            return self.answer(call, self._refresh(form, who, proof))
        kind = "unsupported_grant_type"
        raise OAuthError(kind, f'Grant type "{grant}" is not supported')

    def _exchange(
        self, form: dict[str, Any], who: Authenticated, proof: Proof
    ) -> dict[str, Any]:
        code = self.state.codes.get(str(form.get("code", "")))
        if code is None or code.platform != "bluesky" or code.app != who.client.id:
            raise bad_grant("Invalid code")
        if code.used:
            self._end_session_of(code)
            raise bad_grant("Invalid code")
        code.used = True
        self.state.touch()
        self._check_code(code, form, who, proof)
        account = self.accounts.find(code.identity)
        if account is None:
            raise bad_grant("Invalid code")
        session = self._open(account, code, who, proof)
        return self.issue(account, session)

    def _end_session_of(self, code: Code) -> None:
        """A code that comes twice was stolen: what it opened is closed."""
        for session in list(self.tokens.sessions.values()):
            if session.code == code.value:
                self.tokens.delete(session, "code used twice")

    def _check_code(
        self, code: Code, form: dict[str, Any], who: Authenticated, proof: Proof
    ) -> None:
        if code.extra["issued_at"] + CODE_LIFE_S < self.world.now():
            raise bad_grant("Code expired")
        if code.redirect_uri != form.get("redirect_uri"):
            raise bad_grant(
                "The redirect_uri parameter must match the one used in the "
                "authorization request"
            )
        if challenge_of(str(form.get("code_verifier", ""))) != code.extra["challenge"]:
            raise bad_grant("Invalid code_verifier")
        if self._was_used(code):
            raise bad_grant("Code challenge already used")
        if code.extra["jkt"] not in ("", proof.jkt):
            raise bad_grant(BAD_JKT)
        if code.extra["client_key"] != who.key:
            raise bad_grant("Client authentication mismatch")

    def _was_used(self, code: Code) -> bool:
        """A verifier is for one sign-in."""
        return any(
            other.used and other is not code
            for other in self.state.codes.values()
            if other.platform == "bluesky"
            and other.extra["challenge"] == code.extra["challenge"]
        )

    def _open(
        self, account: Identity, code: Code, who: Authenticated, proof: Proof
    ) -> Session:
        session = Session(
            id=secrets.token_hex(8),
            did=account.id,
            kind="oauth",
            client=who.client.id,
            client_key=who.key,
            jkt=proof.jkt,
            scopes=[scope for scope in code.scopes if known(scope)],
            created_at=self.world.now(),
            code=code.value,
        )
        return self.tokens.open(session)

    def issue(self, account: Identity, session: Session) -> dict[str, Any]:
        """A fresh pair; what came before is dead."""
        for old in self.state.tokens_of("bluesky", account.id):
            if old.extra.get("session") == session.id:
                old.revoked = old.revoked or "rotated"
        access = self.tokens.oauth_access(account, session)
        refresh = self.tokens.oauth_refresh(session)
        assert access.expires_at is not None
        return {
            "access_token": access.value,
            "token_type": "DPoP",
            "refresh_token": refresh.value,
            "scope": " ".join(session.scopes),
            "expires_in": int(access.expires_at - self.world.now()),
            "sub": self.double.setting("wrong_sub") or account.id,
        }

    def _refresh(
        self, form: dict[str, Any], who: Authenticated, proof: Proof
    ) -> dict[str, Any]:
        token = self.tokens.find(str(form.get("refresh_token", "")))
        session = self.tokens.session_of(token) if token else None
        if token is None or session is None or token.kind != "refresh":
            raise bad_grant("Invalid refresh token")
        self._check_refresh(token, session, who, proof)
        account = self.accounts.find(session.did)
        if account is None:
            raise bad_grant("Invalid refresh token")
        try:
            check_active(account)
        except XrpcError as inactive:
            raise bad_grant(inactive.message) from inactive
        session.spent.append(token.value)
        return self.issue(account, session)

    def _check_refresh(
        self, token: Token, session: Session, who: Authenticated, proof: Proof
    ) -> None:
        """All but an honest end costs the whole session."""
        if session.client != who.client.id:
            raise bad_grant("Invalid refresh token")
        problem = ""
        if token.value in session.spent:
            problem = "Refresh token replayed"
        elif proof.jkt != session.jkt:
            problem = BAD_JKT
        elif who.key != session.client_key:
            problem = "Client authentication method mismatch"
        elif token.expires_at is not None and token.expires_at < self.world.now():
            problem = "Refresh token expired"
        if problem:
            self.tokens.delete(session, problem)
            raise bad_grant(problem)

    async def revoke(self, call: Call) -> web.Response:
        """200 whether the token was known or not."""
        form = await call.fields()
        self._proof(call)
        who = await self.clients.authenticate(form, f"https://{call.host}")
        token = self.tokens.find(str(form.get("token", "")))
        session = self.tokens.session_of(token) if token else None
        if session is not None and session.client == who.client.id:
            self.tokens.delete(session, "revoked")
        return self.answer(call, {})


def refusal(bad: BadProof) -> OAuthError:
    """A missing nonce is HTTP 400 here, everything else about a proof 401."""
    if bad.error == "use_dpop_nonce":
        return OAuthError(bad.error, bad.message)
    challenge = dpop_challenge(bad.error, bad.message)
    return OAuthError(bad.error, bad.message, 401, {"WWW-Authenticate": challenge})


def challenge_of(verifier: str) -> str:
    return b64url(hashlib.sha256(verifier.encode()).digest())


def checked_parameters(form: dict[str, Any], who: Authenticated) -> dict[str, str]:
    """The authorization parameters of a pushed request; OAuthError if one is wrong."""
    given = {name: str(value) for name, value in form.items()}
    if given.get("response_type") != "code":
        kind = given.get("response_type", "")
        raise OAuthError(
            "unsupported_response_type", f'Unsupported response_type "{kind}"'
        )
    if given.get("redirect_uri") not in who.client.redirect_uris:
        raise invalid(f"Invalid redirect_uri {given.get('redirect_uri', '')}")
    if given.get("code_challenge_method") != "S256":
        raise invalid('atproto requires use of "S256" code_challenge_method')
    if len(given.get("code_challenge", "")) != CHALLENGE_LENGTH:
        raise invalid(
            "code_challenge is required when code_challenge_method is provided"
        )
    check_scopes(given.get("scope", "").split(), who)
    return given


def check_scopes(scopes: list[str], who: Authenticated) -> None:
    if "atproto" not in scopes:
        raise OAuthError("invalid_scope", 'The "atproto" scope is required')
    for scope in scopes:
        if scope not in who.client.scopes:
            raise OAuthError(
                "invalid_scope",
                f'Scope "{scope}" is not declared in the client metadata',
            )
