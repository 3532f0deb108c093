"""Sign in to TikTok: OAuth with `client_key` and commas, one account a sign-in.

https://developers.tiktok.com/doc/login-kit-web (2026-11-21). The flow for web apps uses
the app's secret and no PKCE; refresh tokens are good for one use.
"""

from __future__ import annotations

from urllib.parse import urlencode

from core.http import Http
from core.oauth import Client
from platforms import clock
from platforms.errors import AuthExpired, PlatformError
from platforms.sign_in import used_code
from platforms.tiktok import api
from platforms.tiktok.api import Caller, Pair, User
from platforms.tiktok.errors import BANNED
from platforms.tiktok.permissions import DETAILS, PUBLISH, SCOPES, VIDEOS
from platforms.types import Grant, Identity, Token

AUTHORIZE = "https://www.tiktok.com/v2/auth/authorize/"
NO_PUBLIC_VIDEO = (
    "This account has no public video yet, and TikTok takes posts from other apps only "
    "for accounts that have one. Post a video in the TikTok app that everyone may see, "
    "with the account set to public, then press Enable."
)
BANNED_CODE = "spam_risk_user_banned_from_posting"
# Of creator_info: posts that wait for their day are no reason against enabling.
PASSING = ("spam_risk_too_many_posts", "reached_active_user_cap")


def sign_in_url(client: Client, state: str) -> str:
    """The consent page is always shown: else nobody could change the account there."""
    query = {
        "client_key": client.client_id,
        "scope": ",".join(SCOPES),
        "response_type": "code",
        "redirect_uri": client.redirect_uri,
        "state": state,
        "disable_auto_auth": "1",
    }
    return f"{AUTHORIZE}?{urlencode(query)}"


def finish(http: Http, client: Client, code: str) -> Grant:
    """Code to tokens, and the one account they belong to."""
    pair = _exchange(http, client, code)
    token = token_of(pair)
    user = api.user_info(Caller(http, pair.access), detailed=DETAILS in pair.scopes)
    identity = _identity(user, pair, token, _known_obstacle(http, pair))
    return Grant(token, (identity,), pair.scopes)


def token_of(pair: Pair) -> Token:
    """Obeys the lives that the answer tells: the documentation names several."""
    refresh_s = pair.refresh_expires_in
    return Token(
        pair.access,
        pair.refresh,
        clock.after(pair.expires_in),
        pair.scopes,
        ends_at=clock.after(refresh_s) if refresh_s else None,
    )


def obstacle(caller: Caller) -> str:
    """R-C8: what TikTok wants before it takes posts, in words; "" for nothing."""
    try:
        api.creator_info(caller)
    except AuthExpired as error:
        if error.code == BANNED_CODE:
            return BANNED
        raise
    except PlatformError as error:
        if error.code not in PASSING:
            raise
    return "" if api.has_public_video(caller) else NO_PUBLIC_VIDEO


def _exchange(http: Http, client: Client, code: str) -> Pair:
    try:
        return api.exchange(http, client, code)
    except AuthExpired as error:
        raise used_code(error) from None


def _known_obstacle(http: Http, pair: Pair) -> str:
    """Told early where TikTok tells it; the Enable step asks again in any case."""
    if not {PUBLISH, VIDEOS} <= set(pair.scopes):
        return ""
    try:
        return obstacle(Caller(http, pair.access))
    except PlatformError:
        return ""


def _identity(user: User, pair: Pair, token: Token, hindrance: str) -> Identity:
    return Identity(
        external_id=user.open_id,
        name=user.name or user.username,
        handle=user.username,
        role="Owner",
        picture_url=user.picture_url,
        token=token,
        granted=pair.scopes,
        obstacle=hindrance,
    )
