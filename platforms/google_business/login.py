"""Sign in to Google: OAuth for web servers, with access that lasts.

https://developers.google.com/identity/protocols/oauth2/web-server (2026-11-21). Access
lasts an hour; the refresh token stays the same and comes only when consent is asked for.
"""

from __future__ import annotations

import base64
import json
from binascii import Error as BadBase64
from typing import Any

from core.http import Http
from core.oauth import Client, authorize_url
from platforms.client import call
from platforms.errors import Rejected
from platforms.google_business.errors import NAME, value_of
from platforms.google_business.permissions import LOGIN, MANAGE, SCOPES
from platforms.token_endpoint import Fresh
from platforms.types import Token

AUTHORIZE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105
REVOKE = "https://oauth2.googleapis.com/revoke"

UNTICKED = (
    "The box for managing your Business Profiles was left empty at Google, so there is "
    "nothing we could publish to. Connect again and tick it."
)
BRIEF = (
    "Google let us in for an hour only. Remove this app among the connections of your "
    "Google account, then connect again."
)


def sign_in_url(client: Client, state: str) -> str:
    """Consent is asked for each time: else no refresh token comes a second time."""
    return authorize_url(
        client,
        AUTHORIZE,
        scopes=SCOPES,
        state=state,
        extra={"access_type": "offline", "prompt": "select_account consent"},
    )


def token_of(fresh: Fresh) -> Token:
    """Raises Rejected when a box was left empty, or the access won't last."""
    if MANAGE not in fresh.scopes:
        raise Rejected(UNTICKED, code="scope")
    if not fresh.refresh:
        raise Rejected(BRIEF, code="no_refresh_token")
    return fresh.token(login=LOGIN)


def revoke(http: Http, token: str) -> None:
    """Either token ends both, and all else that this person granted the app."""
    value_of(call(http, NAME, "POST", REVOKE, data={"token": token}))


def login_id(id_token: str) -> str:
    """Google's own id of the person, "" when it isn't told.

    The token comes straight from Google over TLS, so its signature proves nothing more.
    """
    try:
        middle = id_token.split(".")[1]
        claims: Any = json.loads(base64.urlsafe_b64decode(middle + "=" * 3))
        return str(claims["sub"])
    except (IndexError, KeyError, TypeError, ValueError, BadBase64):
        return ""
