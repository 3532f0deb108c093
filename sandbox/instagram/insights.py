"""Metrics of posts and accounts: made up, but steady and growing with age."""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.double import Call
from sandbox.instagram.access import FACEBOOK_GRAPH, Access
from sandbox.instagram.store import Media
from sandbox.meta.double import DAY, HOUR
from sandbox.meta.graph import Node, as_int, invalid, timestamp
from sandbox.state import Identity

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram

COMMON = frozenset({"reach", "views", "shares", "reposts", "total_interactions"})
FEED = COMMON | {
    "comments",
    "likes",
    "saved",
    "follows",
    "profile_visits",
    "profile_activity",
}
REELS = COMMON | {
    "comments",
    "likes",
    "saved",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "reels_skip_rate",
}
STORY = COMMON | {
    "replies",
    "follows",
    "navigation",
    "profile_visits",
    "profile_activity",
}
BY_PRODUCT = {"FEED": FEED, "REELS": REELS, "STORY": STORY}
FACEBOOK_ONLY = frozenset({"total_comments", "total_likes", "total_views"})
STORY_FACEBOOK_ONLY = frozenset({"link_clicks", "total_views"})
ACCOUNT = frozenset(
    {
        "reach",
        "accounts_engaged",
        "comments",
        "likes",
        "saves",
        "shares",
        "replies",
        "reposts",
        "views",
        "total_interactions",
        "follows_and_unfollows",
        "profile_links_taps",
        "follower_count",
    }
)
SERIES = frozenset({"reach", "follower_count"})
MIN_FOLLOWERS = 100
# Half of what a post will ever get comes within this time.
HALF_TIME_S = 18 * HOUR
SHARE = {"views": 1.6, "reach": 1.0, "likes": 0.08, "total_interactions": 0.11}
OTHER_SHARE = 0.012


class Insights:
    """The two insights edges."""

    def __init__(self, double: Instagram) -> None:
        self.double = double

    async def of_media(self, call: Call) -> web.Response:
        """GET /{media}/insights: one metric that does not fit fails them all."""
        nodes = self.double.nodes
        media = await nodes.reachable(call, call.params["node"], "insights")
        metrics = str((await call.fields()).get("metric") or "").split(",")
        known = self._metrics(call, media)
        for metric in metrics:
            if metric not in known:
                raise invalid(f"metric {metric} does not fit this media")
        rows = [self._media_row(media, metric) for metric in metrics]
        return self.double.answer(call, {"data": rows})

    def _metrics(self, call: Call, media: Media) -> frozenset[str]:
        known = BY_PRODUCT[media.product]
        if call.host != FACEBOOK_GRAPH:
            return known
        story = media.product == "STORY"
        return known | (STORY_FACEBOOK_ONLY if story else FACEBOOK_ONLY)

    def _media_row(self, media: Media, metric: str) -> Node:
        value = self.value(media, metric)
        return {
            "name": metric,
            "period": "lifetime",
            "values": [{"value": value}],
            "title": metric.replace("_", " ").capitalize(),
            "id": f"{media.id}/insights/{metric}/lifetime",
        }

    def value(self, media: Media, metric: str) -> int:
        """Steady for a post and a moment, never falling with time."""
        account = self.double.state.identities[f"instagram:{media.account}"]
        if metric in ("comments", "total_comments"):
            return len(self.double.store.comments_on(media.id))
        age = max(0.0, self.double.world.now() - media.created_at)
        grown = 1 - math.pow(0.5, age / HALF_TIME_S)
        share = SHARE.get(metric.removeprefix("total_"), OTHER_SHARE)
        luck = 0.5 + zlib.crc32(f"{media.id}{metric}".encode()) % 1000 / 1000
        return int(account.extra["followers"] * share * luck * grown)

    def likes(self, media: Media) -> int:
        return self.value(media, "likes")

    async def of_account(self, call: Call) -> web.Response:
        """GET /{account}/insights by day, as a total or as a series."""
        access = await self.double.access(call, call.params["node"], "insights")
        asked = await call.fields()
        metrics = str(asked.get("metric") or "").split(",")
        total = asked.get("metric_type") == "total_value"
        for metric in metrics:
            self._check_account(access, metric, total=total)
        now = int(self.double.world.now())
        until = as_int(asked.get("until"), now)
        since = as_int(asked.get("since"), until - DAY)
        shape = self._total if total else self._series
        rows = [shape(access.account, metric, since, until) for metric in metrics]
        return self.double.answer(call, {"data": rows})

    def _check_account(self, access: Access, metric: str, *, total: bool) -> None:
        if metric not in ACCOUNT or (not total and metric not in SERIES):
            raise invalid(f"metric {metric} is not available in this form")
        few = access.account.extra["followers"] < MIN_FOLLOWERS
        if metric == "follower_count" and (few or total):
            raise invalid("follower_count is not available")

    def _day_value(self, account: Identity, metric: str, day: int) -> int:
        luck = zlib.crc32(f"{account.id}{metric}{day // DAY}".encode()) % 1000 / 1000
        if metric == "follower_count":
            return int(6 * luck)
        share = SHARE.get(metric, OTHER_SHARE) / 4
        return int(account.extra["followers"] * share * (0.5 + luck))

    def _total(self, account: Identity, metric: str, since: int, until: int) -> Node:
        days = range(since, max(until, since + 1), DAY)
        value = sum(self._day_value(account, metric, day) for day in days)
        ident = f"{account.id}/insights/{metric}/day"
        row = {"name": metric, "period": "day", "id": ident}
        return {**row, "total_value": {"value": value}}

    def _series(self, account: Identity, metric: str, since: int, until: int) -> Node:
        values = [
            {
                "value": self._day_value(account, metric, day),
                "end_time": timestamp(day + DAY),
            }
            for day in range(since, max(until, since + 1), DAY)
        ]
        ident = f"{account.id}/insights/{metric}/day"
        return {"name": metric, "period": "day", "values": values, "id": ident}
