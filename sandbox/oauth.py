"""The consent page and the authorization codes every OAuth platform shares."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox.double import Call, Double, Refusal
from sandbox.pages import render
from sandbox.state import Code, Identity

CODE_LIFE_S = 3600


class ConsentRefused(Refusal):
    """The authorize request is wrong; the person is told, nothing is redirected."""

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(reason)
        self.title, self.reason = title, reason

    def response(self) -> web.Response:
        page = render("refused.html", title=self.title, reason=self.reason)
        return web.Response(text=page, content_type="text/html", status=400)


@dataclass(frozen=True, slots=True)
class Asset:
    """Something one may leave out at sign-in, such as a Page.

    With `scope` it is shown only where that scope is asked for.
    """

    id: str
    label: str
    note: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A checked authorize request. `name` is how the app calls itself, if it does."""

    client_id: str
    redirect_uri: str
    scopes: list[str]
    state: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person chose: `ticked` are the scopes left on."""

    asked: Request
    identity: Identity
    ticked: list[str]
    query: dict[str, Any]


@dataclass(slots=True)
class Consent:
    """One platform's consent page: what it shows and how it answers.

    `explain` gives words for a scope, `assets` what an identity may leave out.
    `denied` are the parameters of a refusal, `fragment` is added to the
    redirect, `echo` names a parameter that tells the granted scopes, `tail` ends
    each code. `request_of` replaces how the request is read (PAR), `extra_of`
    says what to keep with the code (PKCE), `settle` has the last word on which
    of the ticked scopes are granted.
    """

    double: Double
    title: str
    explain: dict[str, str] = field(default_factory=dict)
    identities: Callable[[], list[Identity]] | None = None
    assets: Callable[[Identity], list[Asset]] | None = None
    denied: dict[str, str] = field(default_factory=lambda: {"error": "access_denied"})
    granted: dict[str, str] = field(default_factory=dict)
    fragment: str = ""
    echo: str = ""
    tail: str = ""
    required: frozenset[str] = frozenset()
    request_of: Callable[[dict[str, Any]], Request] | None = None
    extra_of: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    settle: Callable[[Decision], list[str]] | None = None

    async def show(self, call: Call) -> web.StreamResponse:
        """GET: the page. ConsentRefused if the request is wrong."""
        asked = self._read(dict(call.request.query))
        page = render(
            "consent.html",
            consent=self,
            asked=asked,
            identities=self._identities(),
            assets_of=lambda identity: self._assets(identity, asked),
        )
        return web.Response(text=page, content_type="text/html")

    async def decide(self, call: Call) -> web.StreamResponse:
        """POST: Allow or Cancel. Answers with the redirect to the app."""
        query = dict(call.request.query)
        asked = self._read(query)
        form = await call.request.post()
        if form.get("decision") != "allow":
            return self._back(asked, self.denied)
        identity = self._chosen(str(form.get("identity", "")))
        left_on = self.required | set(form.getall("scope", []))
        ticked = [scope for scope in asked.scopes if scope in left_on]
        decision = Decision(asked, identity, ticked, query)
        scopes = self.settle(decision) if self.settle else ticked
        extra = self.extra_of(query) if self.extra_of else {}
        extra["assets"] = [str(value) for value in form.getall("asset", [])]
        code = self._issue(asked, identity, scopes, extra)
        told = {self.echo: ",".join(scopes)} if self.echo else {}
        answer = {"code": code.value, **told, **self.granted}
        return self._back(asked, answer, self.fragment)

    def _read(self, query: dict[str, Any]) -> Request:
        return self.request_of(query) if self.request_of else self.read(query)

    def read(self, query: dict[str, Any]) -> Request:
        """The usual parameters, checked as far as the sandbox can know."""
        for name in ("client_id", "redirect_uri"):
            if not query.get(name):
                raise ConsentRefused(self.title, f"The parameter {name} is missing.")
        if query.get("response_type") != "code":
            raise ConsentRefused(self.title, "response_type must be code.")
        if not str(query["redirect_uri"]).startswith(("http://", "https://")):
            raise ConsentRefused(self.title, "redirect_uri is not a web address.")
        return Request(
            client_id=str(query["client_id"]),
            redirect_uri=str(query["redirect_uri"]),
            scopes=split_scopes(str(query.get("scope", ""))),
            state=str(query.get("state", "")),
        )

    def _assets(self, identity: Identity, asked: Request) -> list[Asset]:
        found = self.assets(identity) if self.assets else []
        return [each for each in found if not each.scope or each.scope in asked.scopes]

    def _identities(self) -> list[Identity]:
        if self.identities is not None:
            return self.identities()
        return self.double.state.identities_of(self.double.key)

    def _chosen(self, ref: str) -> Identity:
        for identity in self._identities():
            if identity.id == ref:
                return identity
        raise ConsentRefused(self.title, "Choose whom to sign in as.")

    def _issue(
        self,
        asked: Request,
        identity: Identity,
        scopes: list[str],
        extra: dict[str, Any],
    ) -> Code:
        state = self.double.state
        code = Code(
            value="AQB" + secrets.token_urlsafe(48) + self.tail,
            platform=identity.platform,
            identity=identity.id,
            app=asked.client_id,
            redirect_uri=asked.redirect_uri,
            scopes=scopes,
            expires_at=self.double.world.now() + CODE_LIFE_S,
            extra=extra,
        )
        state.codes[code.value] = code
        state.touch()
        return code

    def _back(
        self, asked: Request, answer: dict[str, str], fragment: str = ""
    ) -> web.Response:
        if asked.state:
            answer = {**answer, "state": asked.state}
        joint = "&" if "?" in asked.redirect_uri else "?"
        place = f"{asked.redirect_uri}{joint}{urlencode(answer)}{fragment}"
        # By hand: aiohttp's redirect would re-quote the app's own address.
        return web.Response(status=303, headers={"Location": place})


def split_scopes(text: str) -> list[str]:
    """Scopes parted by commas or blanks, each once, in order."""
    return list(dict.fromkeys(text.replace(",", " ").split()))


def redeem(double: Double, value: str, app: str, redirect_uri: str) -> Code | None:
    """The code if it is good for this app and address; a good code is used up."""
    code = double.state.codes.get(value)
    if code is None or code.used or code.expires_at < double.world.now():
        return None
    if code.app != app or code.redirect_uri != redirect_uri:
        return None
    code.used = True
    double.state.touch()
    return code
