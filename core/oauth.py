"""OAuth 2 on requests-oauthlib, through the one door to the network."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

from core.http import READ_S, AnswerLost, mount
from core.patience import left

STATE_BYTES = 32
# A code is worth a last try, even when a page has waited long enough.
SHORTEST_S = 1.0


class ExchangeRefused(Exception):
    """The platform answered and said no (code used, expired, wrong client)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Client:
    """One app at one platform. `separator` joins scopes in the authorize address."""

    client_id: str
    client_secret: str
    redirect_uri: str
    separator: str = " "


def new_state() -> str:
    return secrets.token_urlsafe(STATE_BYTES)


def state_hash(state: str) -> str:
    """What is kept of a state: enough to recognise it, useless to a reader."""
    return hashlib.sha256(state.encode()).hexdigest()


def authorize_url(
    client: Client,
    endpoint: str,
    *,
    scopes: tuple[str, ...],
    state: str,
    extra: Mapping[str, str] | None = None,
) -> str:
    session = OAuth2Session(
        client.client_id,
        redirect_uri=client.redirect_uri,
        scope=client.separator.join(scopes),
        state=state,
    )
    url, _ = session.authorization_url(endpoint, **dict(extra or {}))
    return str(url)


def exchange(
    client: Client, endpoint: str, *, code: str, extra: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Code for token at a platform that follows RFC 6749.

    Raises ExchangeRefused, AnswerLost.
    """
    session = OAuth2Session(client.client_id, redirect_uri=client.redirect_uri)
    mount(session)
    parts: dict[str, Any] = dict(extra or {})
    try:
        token = session.fetch_token(
            endpoint,
            code=code,
            client_secret=client.client_secret,
            include_client_id=True,
            timeout=max(left(READ_S), SHORTEST_S),
            **parts,
        )
    except OAuth2Error as error:
        raise ExchangeRefused(str(error.error or "invalid_grant")) from None
    except requests.RequestException as error:
        raise AnswerLost(type(error).__name__) from None
    return dict(token)
