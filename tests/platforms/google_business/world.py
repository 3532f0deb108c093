"""A Google that answers well: two accounts, three locations, one of them reached twice."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

from core.http import Reply
from platforms import clock
from platforms.adapter import Credentials
from platforms.google_business.adapter import GoogleBusiness
from platforms.google_business.permissions import SCOPES
from platforms.types import Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, reply

CREDENTIALS = {
    "GOOGLE_BUSINESS_CLIENT_ID": "345-app.apps.googleusercontent.com",
    "GOOGLE_BUSINESS_CLIENT_SECRET": "canary-google-app-secret",
}
ACCESS, ACCESS_2 = "ya29.a0canary-access-one", "ya29.a0canary-access-two"
REFRESH = "1//0canary-refresh-one"
TOKENS = (ACCESS, ACCESS_2, REFRESH)
PERSON = "1080000000000000001"
CODE = "4/0canary-code"
VISIT = Visit(
    "google_login",
    "https://later.example/connect/google_business/callback/",
    "state-1",
    "https://later.example",
)
PROFILE = Profile("991", kind="location", data={"login_id": PERSON})

OAUTH = "oauth2.googleapis.com/token"
ACCOUNTS = "mybusinessaccountmanagement.googleapis.com/v1/accounts"
PLACES = "mybusinessbusinessinformation.googleapis.com/v1"
MERCHANT = "mybusinessverifications.googleapis.com/v1/locations/{}/VoiceOf"


def token(**facts: Any) -> Token:
    known: dict[str, Any] = {
        "refresh": REFRESH,
        "expires_at": clock.now() + timedelta(hours=1),
        "scopes": SCOPES,
        "extra": {"login": "google_login"},
    }
    return Token(ACCESS, **{**known, **facts})


def id_token(sub: str = PERSON) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": sub}).encode()).decode()
    return f"e30.{claims.rstrip('=')}.c2ln"


def fresh(**facts: Any) -> Reply:
    """Of the first exchange; a value of None is left out."""
    known = {
        "access_token": ACCESS,
        "expires_in": 3_599,
        "refresh_token": REFRESH,
        "scope": " ".join(reversed(SCOPES)),
        "token_type": "Bearer",
        "id_token": id_token(),
    }
    told = {**known, **facts}
    return reply({name: value for name, value in told.items() if value is not None})


def renewed(**facts: Any) -> Reply:
    return fresh(**{"access_token": ACCESS_2, "refresh_token": None, **facts})


def refusal(status: str, http: int, reason: str = "", **metadata: str) -> Reply:
    error: dict[str, Any] = {"code": http, "message": "Told.", "status": status}
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "metadata": metadata}]
    return reply({"error": error}, http)


def oauth_refusal(code: str, http: int = 400, subtype: str = "") -> Reply:
    said = {"error": code, "error_description": "Told."}
    return reply({**said, **({"error_subtype": subtype} if subtype else {})}, http)


def account(ident: str, role: str = "OWNER", kind: str = "LOCATION_GROUP") -> Any:
    node = {"name": f"accounts/{ident}", "accountName": "Group", "type": kind}
    return {**node, **({"role": role} if role else {})}


def place(ident: str, title: str, *lines: str, good: bool = True, **more: Any) -> Any:
    """A location as listed; without lines it has no shop."""
    node: dict[str, Any] = {"name": f"locations/{ident}", "title": title, **more}
    if lines:
        *street, town = lines
        address = {"regionCode": "US", "locality": town, "addressLines": street}
        node["storefrontAddress"] = address
    node["metadata"] = {
        "placeId": "x",
        **({"hasVoiceOfMerchant": True} if good else {}),
    }
    return node


OLD_TOWN = place("991", "Mira Bakes", "1 Mill St", "Salem", languageCode="en")
HARBOUR = place("992", "Mira Bakes", "9 Quay", "Salem", storeCode="S-2")
VAN = place("993", "Mira Vans", websiteUri="https://vans.mira.example/x")


def world() -> FakeHttp:
    http = FakeHttp()
    http.on(
        "POST",
        OAUTH,
        lambda s: renewed() if s.form["grant_type"] == "refresh_token" else fresh(),
    )
    http.on("POST", "oauth2.googleapis.com/revoke", reply({}))
    own = account("11", role="", kind="PERSONAL")
    http.on("GET", ACCOUNTS, reply({"accounts": [own, account("12", "MANAGER")]}))
    http.on("GET", f"{PLACES}/accounts/11/loc", reply({"locations": [OLD_TOWN]}))
    listed = reply({"locations": [OLD_TOWN, HARBOUR, VAN]})
    http.on("GET", f"{PLACES}/accounts/12/loc", listed)
    http.on("GET", f"{PLACES}/locations/991", reply(OLD_TOWN))
    http.on("GET", "VoiceOfMerchantState", reply({"verify": {}}))
    return http


def google(http: FakeHttp | None = None) -> GoogleBusiness:
    return GoogleBusiness(Credentials(CREDENTIALS), http or world())
