"""A LinkedIn that answers well, to both of its apps: Ada, and two Pages of hers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.http import Reply
from platforms import clock
from platforms.adapter import Credentials
from platforms.linkedin.adapter import LinkedIn
from platforms.linkedin.permissions import BY_KEY, MEMBER, PAGES
from platforms.types import Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, Sent, reply

CREDENTIALS = {
    "LINKEDIN_CLIENT_ID": "86member",
    "LINKEDIN_CLIENT_SECRET": "canary-linkedin-app-secret",
    "LINKEDIN_PAGES_CLIENT_ID": "86pages",
    "LINKEDIN_PAGES_CLIENT_SECRET": "canary-linkedin-pages-secret",
}
ACCESS = "AQV" + "canary_access-one-" * 5
ACCESS_2 = "AQV" + "canary_access-two-" * 5
REFRESH = "AQW" + "canary_refresh-one" * 5
TOKENS = (ACCESS, ACCESS_2, REFRESH)
ADA = "urn:li:person:AbC-1xYz"
YOGA, BOOKS = "urn:li:organization:7100001", "urn:li:organization:7100002"
SIXTY_DAYS_S, YEAR_S = 5_184_000, 31_536_000
BACK = "https://later.example/connect/linkedin/callback/"
VISIT = Visit(PAGES, BACK, "state-1", "https://later.example")
ALONE = Visit(MEMBER, BACK, "state-1", "https://later.example")
MEMBER_PROFILE = Profile(ADA, kind="member")
PAGE_PROFILE = Profile(YOGA, kind="page")
SCOPES = {key: dialect.scopes for key, dialect in BY_KEY.items()}

TOKEN = "www.linkedin.com/oauth/v2/accessToken"
INTROSPECT = "www.linkedin.com/oauth/v2/introspectToken"
ACLS = "api.linkedin.com/rest/organizationAcls"
LOOKUP = "api.linkedin.com/rest/organizationsLookup"


def token(login: str = PAGES, **facts: Any) -> Token:
    known: dict[str, Any] = {
        "refresh": REFRESH if login == PAGES else "",
        "expires_at": clock.now() + timedelta(days=60),
        "scopes": SCOPES[login],
        "extra": {"login": login},
    }
    return Token(ACCESS, **{**known, **facts})


def fresh(login: str = PAGES, **facts: Any) -> Reply:
    """A value of None is left out; only the app for Pages gets a refresh token."""
    known: dict[str, Any] = {
        "access_token": ACCESS,
        "expires_in": SIXTY_DAYS_S,
        "scope": ",".join(SCOPES[login]),
        "token_type": "Bearer",
    }
    if login == PAGES:
        known |= {"refresh_token": REFRESH, "refresh_token_expires_in": YEAR_S}
    told = {**known, **facts}
    return reply({name: value for name, value in told.items() if value is not None})


def renewed(**facts: Any) -> Reply:
    return fresh(**{"access_token": ACCESS_2, **facts})


def seen(status: str = "active", **facts: Any) -> Reply:
    known = {
        "active": status == "active",
        "status": status,
        "scope": ",".join(SCOPES[PAGES]),
        "expires_at": int(clock.now().timestamp()) + SIXTY_DAYS_S,
    }
    return reply({**known, **facts})


def refusal(code: str, http: int, number: int = 0) -> Reply:
    body: dict[str, Any] = {"status": http, "code": code, "message": f"Told: {code}"}
    return reply({**body, **({"serviceErrorCode": number} if number else {})}, http)


def oauth_refusal(code: str, http: int = 400) -> Reply:
    return reply({"error": code, "error_description": "Told."}, http)


def acl(urn: str, role: str, field: str = "organization") -> dict[str, str]:
    return {field: urn, "role": role, "state": "APPROVED", "roleAssignee": ADA}


def acls(*roles: dict[str, str], total: int | None = None) -> Reply:
    paging = {"start": 0, "count": 100, "total": len(roles) if total is None else total}
    return reply({"elements": list(roles), "paging": paging})


def named(**names: tuple[str, str]) -> Reply:
    """Name and vanity name of each, by `o` and its id."""
    results = {
        key.removeprefix("o"): {
            "id": int(key.removeprefix("o")),
            "localizedName": name,
            "vanityName": vanity,
        }
        for key, (name, vanity) in names.items()
    }
    return reply({"results": results, "statuses": {}, "errors": {}})


def _token_answer(sent: Sent) -> Reply:
    if sent.form["grant_type"] == "refresh_token":
        return renewed()
    return fresh(PAGES if sent.form["client_id"] == "86pages" else MEMBER)


def world() -> FakeHttp:
    http = FakeHttp()
    http.on("POST", TOKEN, _token_answer)
    http.on("POST", INTROSPECT, seen())
    http.on("POST", "www.linkedin.com/oauth/v2/revoke", reply(b""))
    picture = "https://media.licdn.com/ada.jpg"
    ada = {"sub": "AbC-1xYz", "name": "Ada Example", "picture": picture}
    http.on("GET", "api.linkedin.com/v2/userinfo", reply(ada))
    me = {"id": "AbC-1xYz", "localizedFirstName": "Ada", "localizedLastName": "Example"}
    http.on("GET", "api.linkedin.com/v2/me", reply(me))
    http.on("GET", ACLS, acls(acl(YOGA, "ADMINISTRATOR"), acl(BOOKS, "ANALYST")))
    names = {"o7100001": ("Fjord Yoga", "fjord-yoga"), "o7100002": ("Books", "books")}
    http.on("GET", LOOKUP, named(**names))
    return http


def linkedin(http: FakeHttp | None = None, **settings: str) -> LinkedIn:
    return LinkedIn(Credentials({**CREDENTIALS, **settings}), http or world())
