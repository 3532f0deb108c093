"""A Mastodon server that answers well, and a sample account."""

from __future__ import annotations

from typing import Any

from core.http import Reply
from platforms.adapter import Credentials
from platforms.mastodon.adapter import Mastodon
from platforms.mastodon.permissions import SCOPES
from platforms.types import Profile, Token, Visit
from tests.platforms.fakes import FakeHttp, reply

HOST = "mastodon.example"
ACCESS = "canary-mastodon-access-token"
APP_SECRET = "canary-mastodon-app-secret"
SECRET = {
    "host": HOST,
    "domain": HOST,
    "version": "4.5.2",
    "client_id": "CIapp",
    "client_secret": APP_SECRET,
    "verifier": "canary-verifier",
}
PROFILE = Profile(f"109@{HOST}", f"ada@{HOST}", data={"host": HOST})
TOKEN = Token(
    ACCESS,
    scopes=SCOPES,
    extra={"host": HOST, "client_id": "CIapp", "client_secret": APP_SECRET},
)


def visit(server: str = HOST, **facts: Any) -> Visit:
    return Visit(
        "server",
        "https://later.example/connect/mastodon/callback/",
        "state-1",
        "https://later.example",
        {"server": server},
        **facts,
    )


def instance(**facts: Any) -> Reply:
    return reply({"domain": HOST, "version": "4.5.2", "title": "A server", **facts})


def app(**facts: Any) -> Reply:
    return reply({"client_id": "CIapp", "client_secret": APP_SECRET, **facts})


def granted(*scopes: str, **facts: Any) -> Reply:
    known = {"access_token": ACCESS, "token_type": "Bearer", "created_at": 1}
    return reply({**known, "scope": " ".join(scopes or SCOPES), **facts})


def account(**facts: Any) -> Reply:
    known = {
        "id": "109",
        "username": "ada",
        "acct": "ada",
        "display_name": "Ada Lind",
        "avatar": f"https://{HOST}/ada.jpg",
    }
    return reply({**known, **facts})


def refusal(status: int, text: str = "No.", **headers: str) -> Reply:
    return reply({"error": text}, status, **headers)


def world() -> FakeHttp:
    http = FakeHttp()
    http.on("GET", "elsewhere.example", refusal(404))
    http.on("GET", f"{HOST}/api/v1/instance", refusal(404))
    http.on("GET", f"{HOST}/api/v2/instance", instance())
    http.on("POST", f"{HOST}/api/v1/apps", app())
    http.on("POST", f"{HOST}/oauth/token", granted())
    http.on("POST", f"{HOST}/oauth/revoke", reply({}))
    http.on("GET", f"{HOST}/api/v1/accounts/verify_credentials", account())
    return http


def mastodon(http: FakeHttp | None = None) -> Mastodon:
    return Mastodon(Credentials({}), http or world())
