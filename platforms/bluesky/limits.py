"""What Bluesky takes, with sources. Lexicons read 2026-11-21, tried on a real server."""

from __future__ import annotations

from datetime import date, timedelta

from platforms.limits import ImageLimit, Limits, Quota, TextLimit, VideoLimit
from platforms.types import FollowUp

READ_ON = date(2026, 11, 21)
SOURCE = "https://docs.bsky.app/docs/advanced-guides/posts"

# app.bsky.feed.post: https://github.com/bluesky-social/atproto/tree/main/lexicons
MAX_GRAPHEMES = 300
MAX_BYTES = 3_000
MAX_LANGS = 3
MAX_TAG_GRAPHEMES = 64
MAX_TAG_BYTES = 640
SELF_LABELS = ("sexual", "nudity", "porn", "graphic-media")

# app.bsky.embed.images, app.bsky.embed.external, app.bsky.embed.video
MAX_IMAGES = 4
IMAGE_BYTES = 2_000_000
# Servers that people run themselves may still enforce the limit of before 2026.
IMAGE_BYTES_ELSEWHERE = 1_000_000
THUMB_BYTES = 1_000_000
THUMB_EDGE = 1_200
VIDEO_BYTES = 300_000_000
VIDEO_SECONDS = 180
# A plain upload is bound by the server instead: this much at Bluesky itself.
PLAIN_VIDEO_BYTES = 50_000_000

# The apps' own limit; the lexicon has none.
ALT_GRAPHEMES = 2_000

# https://docs.bsky.app/docs/advanced-guides/rate-limits: 5,000 points an hour for each
# account, a new post costs 3.
POSTS_PER_HOUR = 5_000 // 3

# Blobs that no record uses are collected after an hour or more, and a post dated an
# hour ago would be sorted below newer ones: what is older than this is made anew.
FRESH = timedelta(minutes=45)

TEXT = TextLimit(MAX_GRAPHEMES, "graphemes", max_bytes=MAX_BYTES)
# Our own bound: a thread this long still goes out within a minute or so.
THREAD = FollowUp(
    label="Thread",
    text=TEXT,
    most=24,
    help="Each goes out as a reply to the one before.",
)

LIMITS = Limits(
    text=TEXT,
    read_on=READ_ON,
    source=SOURCE,
    image=ImageLimit(
        formats=("image/jpeg", "image/png", "image/webp"),
        max_bytes=IMAGE_BYTES,
        max_width=2_000,
    ),
    video=VideoLimit(
        formats=("video/mp4",), max_bytes=VIDEO_BYTES, max_seconds=VIDEO_SECONDS
    ),
    quota=Quota(posts=POSTS_PER_HOUR, hours=1),
    alt_text=ALT_GRAPHEMES,
)
