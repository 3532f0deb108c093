"""The plug-in: consent page, tokens, user info, creator info, own videos.

Publishing is not there yet; the adapter is connect only.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.avatars import draw
from sandbox.callbacks import Outgoing
from sandbox.double import Call, Double, Route
from sandbox.faults import Fault
from sandbox.oauth import Consent, ConsentRefused, Request
from sandbox.state import Identity, Token
from sandbox.tiktok import callbacks, people
from sandbox.tiktok.errors import ApiError, TokenError, answer
from sandbox.tiktok.people import Video
from sandbox.tiktok.tokens import REFRESH_S, Tokens

if TYPE_CHECKING:
    from sandbox.world import World

LOGIN, API = "www.tiktok.com", "open.tiktokapis.com"
SCOPES = {
    "user.info.basic": "Your name and profile picture",
    "user.info.profile": "Your username and profile details",
    "user.info.stats": "Your numbers of followers, likes and videos",
    "video.list": "Your public videos",
    "video.publish": "Posting content to TikTok",
    "video.upload": "Sending drafts to your TikTok inbox",
}
# What a field of user/info needs beside the basic scope.
FIELDS = {
    "username": "user.info.profile",
    "bio_description": "user.info.profile",
    "profile_deep_link": "user.info.profile",
    "is_verified": "user.info.profile",
    "follower_count": "user.info.stats",
    "following_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}
VIDEO_FIELDS = ("id", "title", "create_time", "share_url")
LISTED = 20
CREATOR_CALLS_A_MINUTE = 20
PICTURE_PX = 160


class TikTok(Double):
    key = people.KEY
    title = "TikTok sandbox"
    hosts = (LOGIN, API, people.PICTURES)
    steps = (
        "authorize",
        "exchange",
        "refresh",
        "revoke",
        "user_info",
        "creator_info",
        "video_list",
        "picture",
    )
    switches = {
        # HTTP status of the token endpoint's refusals.
        "token_error_status": 200,
        # False: a new refresh token ends when the first one would have.
        "refresh_prolongs": True,
        # A code that creator_info answers with HTTP 200, such as
        # "reached_active_user_cap"; "" for none.
        "creator_refusal": "",
    }

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.videos = self.state.table("tiktok.videos", Video)
        self.tokens = Tokens(self)
        # Moments of creator_info calls of the last minute, by account.
        self._asked: dict[str, list[float]] = {}
        self.consent = Consent(
            double=self,
            title=self.title,
            explain=SCOPES,
            denied={"error": "access_denied", "error_description": "User cancelled"},
            echo="scopes",
            tail="*0!4521.va",
            required=frozenset({"user.info.basic"}),
            request_of=self.read,
            extra_of=challenge_of,
        )

    def routes(self) -> list[Route]:
        login, api = (LOGIN,), (API,)
        page, tokens = self.consent, self.tokens
        authorize, v2 = "/v2/auth/authorize/", "/v2"
        creator = v2 + "/post/publish/creator_info/query/"
        picture, shown = "/avatars/{account}.jpeg", (people.PICTURES,)
        return [
            Route("GET", authorize, "authorize", page.show, login),
            Route("POST", authorize, "authorize", page.decide, login),
            Route("POST", v2 + "/oauth/token/", tokens.step, tokens.give, api),
            Route("POST", v2 + "/oauth/revoke/", "revoke", tokens.revoke, api),
            Route("GET", v2 + "/user/info/", "user_info", self.user_info, api),
            Route("POST", creator, "creator_info", self.creator_info, api),
            Route("POST", v2 + "/video/list/", "video_list", self.video_list, api),
            Route("GET", picture, "picture", self.avatar, shown),
        ]

    def read(self, query: dict[str, Any]) -> Request:
        """`client_key`, commas, and a redirect address without a query."""
        if not query.get("client_key"):
            raise ConsentRefused(self.title, "The parameter client_key is missing.")
        if " " in str(query.get("scope", "")):
            raise ConsentRefused(self.title, "scope is a list with commas.")
        if any(mark in str(query.get("redirect_uri", "")) for mark in "?#"):
            raise ConsentRefused(self.title, "redirect_uri must have no query.")
        asked = self.consent.read({**query, "client_id": query["client_key"]})
        unknown = [name for name in asked.scopes if name not in SCOPES]
        if unknown or "user.info.basic" not in asked.scopes:
            raise ConsentRefused(self.title, "The app may not ask for these scopes.")
        return asked

    def seed(self) -> None:
        self._asked.clear()
        people.seed(self.state, self.videos, self.world.now())

    async def profile_of(self, call: Call) -> str:
        token = self.state.tokens.get(call.bearer())
        return token.identity if token and token.platform == self.key else ""

    async def user_info(self, call: Call) -> web.Response:
        token = self._token(call, "user.info.basic")
        account = self._account(token)
        node = people.user_node(account, token.app, len(self._public(account)))
        names = str(call.request.query.get("fields", "")).split(",")
        if not all(name in node for name in names):
            raise ApiError("invalid_params", "fields is missing or unknown")
        for name in names:
            self._need(token, FIELDS.get(name, "user.info.basic"))
        return answer({"user": {name: node[name] for name in names}})

    async def creator_info(self, call: Call) -> web.Response:
        token = self._token(call, "video.publish")
        account = self._account(token)
        self._count(account)
        if account.extra["banned"]:
            raise ApiError("spam_risk_user_banned_from_posting")
        if self.setting("creator_refusal"):
            raise ApiError(str(self.setting("creator_refusal")))
        return answer(
            {
                "creator_avatar_url": f"https://{people.PICTURES}/avatars/{account.id}.jpeg",
                "creator_username": account.handle,
                "creator_nickname": account.name,
                "privacy_level_options": people.privacy_options(account),
                "comment_disabled": False,
                "duet_disabled": bool(account.extra["private"]),
                "stitch_disabled": bool(account.extra["private"]),
                "max_video_post_duration_sec": 600,
            }
        )

    def _count(self, account: Identity) -> None:
        now = self.world.now()
        recent = [at for at in self._asked.get(account.id, ()) if at > now - 60]
        if len(recent) >= CREATOR_CALLS_A_MINUTE:
            raise ApiError("rate_limit_exceeded")
        self._asked[account.id] = [*recent, now]

    async def video_list(self, call: Call) -> web.Response:
        """Public ones only, newest first."""
        token = self._token(call, "video.list")
        account = self._account(token)
        names = str(call.request.query.get("fields", "")).split(",")
        if not all(name in VIDEO_FIELDS for name in names):
            raise ApiError("invalid_params", "fields is missing or unknown")
        body = await call.json()
        wanted = int((body or {}).get("max_count", LISTED))
        if not 1 <= wanted <= LISTED:
            raise ApiError("invalid_params", f"max_count is from 1 to {LISTED}")
        found = self._public(account)
        shown = [self._video_node(account, video, names) for video in found[:wanted]]
        more = len(found) > wanted
        return answer({"videos": shown, "cursor": 0, "has_more": more})

    def _video_node(
        self, account: Identity, video: Video, names: list[str]
    ) -> dict[str, Any]:
        node = {
            "id": video.id,
            "title": video.title,
            "create_time": int(video.created_at),
            "share_url": f"https://{LOGIN}/@{account.handle}/video/{video.id}",
        }
        return {name: node[name] for name in names}

    def _public(self, account: Identity) -> list[Video]:
        """A private account has none, whatever its videos say."""
        if account.extra["private"]:
            return []
        found = [
            video
            for video in self.videos.values()
            if video.account == account.id and video.privacy == people.PUBLIC
        ]
        return sorted(found, key=lambda video: -video.created_at)

    async def avatar(self, call: Call) -> web.Response:
        account = self.state.identities.get(f"tiktok:{call.params['account']}")
        if account is None:
            return web.Response(status=404)
        body = draw(account.name, account.id, PICTURE_PX)
        return web.Response(body=body, content_type="image/jpeg")

    def _token(self, call: Call, scope: str) -> Token:
        token = self.state.tokens.get(call.bearer())
        if token is None or token.platform != self.key or token.kind != "access":
            raise ApiError("access_token_invalid")
        ended = token.expires_at is not None and token.expires_at <= self.world.now()
        if token.revoked or ended:
            raise ApiError("access_token_invalid")
        self._need(token, scope)
        return token

    def _need(self, token: Token, scope: str) -> None:
        if scope not in token.scopes:
            raise ApiError("scope_not_authorized", f"The user did not grant {scope}")

    def _account(self, token: Token) -> Identity:
        return self.state.identities[f"tiktok:{token.identity}"]

    def good_tokens(self, account: Identity) -> list[Token]:
        return self._good_tokens(account)

    def not_found(self, call: Call) -> web.Response:
        return ApiError("invalid_params", "No such endpoint", 404).response()

    def error_response(self, rule: Fault, call: Call) -> web.Response:
        """`detail.code` names another code than the one for an outage."""
        code = str(rule.detail.get("code", ""))
        if call.step in ("exchange", "refresh", "revoke"):
            text = "Something went wrong."
            return TokenError(code or "server_error", text, rule.status).response()
        return ApiError(code or "internal_error", "", rule.status).response()

    def rate_limited_response(self, rule: Fault, call: Call) -> web.Response:
        """One minute's window, and no header that tells of it."""
        return ApiError("rate_limit_exceeded").response()

    def identity_from(self, wish: dict[str, Any]) -> Identity:
        return people.new_account(self.state, wish)

    def picture(self, identity: Identity) -> str:
        return f"/{people.PICTURES}/avatars/{identity.id}.jpeg"

    def mint(self, identity: Identity, request: dict[str, Any]) -> dict[str, Any]:
        scopes = [str(name) for name in request.get("scopes") or SCOPES]
        app = str(request.get("app") or "sandbox-app")
        ends = self.world.now() + REFRESH_S
        return self.tokens.issue(identity, app, scopes, ends)

    def callback(self, identity: Identity, wish: dict[str, Any]) -> Outgoing:
        return callbacks.outgoing(identity.id, self.world.now(), wish)

    def post_directly(self, identity: Identity, wish: dict[str, Any]) -> dict[str, Any]:
        """A video from the app; `privacy` public unless told otherwise."""
        privacy = str(wish.get("privacy") or people.PUBLIC)
        title = str(wish.get("text") or "From the app")
        video = people.new_video(self.state, identity, title, privacy, self.world.now())
        self.videos[video.id] = video
        self.state.touch()
        return asdict(video)


def challenge_of(query: dict[str, Any]) -> dict[str, Any]:
    challenge = query.get("code_challenge")
    return {"challenge": str(challenge)} if challenge else {}
