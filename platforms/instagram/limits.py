"""What Instagram takes, read on 2026-11-21 in the content publishing guide.

https://developers.facebook.com/docs/instagram-platform/content-publishing and the
reference of ig-user/media. The number of hashtags is in dispute: the reference says 30,
Instagram announced 5 in December 2025. So 30 blocks and 5 warns.
"""

from __future__ import annotations

from datetime import date, timedelta

from platforms.limits import ImageLimit, Limits, Quota, TextLimit, VideoLimit
from platforms.types import FollowUp, PostKind

CAROUSEL = (2, 10)
KINDS = (
    PostKind("image", "Photo", 1, 1, ("image",)),
    PostKind("reel", "Reel", 1, 1, ("video",)),
    PostKind("carousel", "Carousel", *CAROUSEL, ("image", "video"), needs="carousel"),
    PostKind("story", "Story", 1, 1, ("image", "video"), late_min=30, needs="story"),
)
HASHTAGS_ADVISED = 5

CAPTION = TextLimit(2_200, max_hashtags=30, max_mentions=20)
# The reference of ig-media/comments names no limits: these are the app's own.
FIRST_COMMENT = FollowUp(
    label="First comment",
    text=TextLimit(2_200, max_hashtags=30),
    help="Goes out under the post, right after it.",
    not_for=("story",),
    feature="comments",
)

IMAGE = ImageLimit(
    formats=("image/jpeg",),
    max_bytes=8_000_000,
    max_width=1_440,
    min_ratio=4 / 5,
    max_ratio=1.91,
)
STORY_IMAGE = ImageLimit(formats=("image/jpeg",), max_bytes=8_000_000, max_width=1_440)
REEL = VideoLimit(
    formats=("video/mp4", "video/quicktime"),
    max_bytes=300_000_000,
    min_seconds=3,
    max_seconds=900,
    max_width=1_920,
    min_ratio=0.01,
    max_ratio=10,
    codecs=("h264", "hevc"),
)
STORY_VIDEO = VideoLimit(
    formats=("video/mp4", "video/quicktime"),
    max_bytes=100_000_000,
    min_seconds=3,
    max_seconds=60,
    max_width=1_920,
    min_ratio=0.1,
    max_ratio=10,
    codecs=("h264", "hevc"),
)

LIMITS = Limits(
    text=CAPTION,
    image=IMAGE,
    image_by_kind={"story": STORY_IMAGE},
    video=REEL,
    video_by_kind={"story": STORY_VIDEO},
    # Accounts have 50 or 100; `prepare` asks which, so the larger is the outer bound.
    quota=Quota(posts=100, hours=24),
    alt_text=1_000,
    read_on=date(2026, 11, 21),
    source="https://developers.facebook.com/docs/instagram-platform/content-publishing",
)

# Seconds between looks at a container. Meta suggests a minute; images take less.
PACE_S = (2, 3, 5, 10, 20, 30)
PACE_END_S = 60
# Then the person is told; the container itself stays good for a day.
PATIENCE_LOOKS = 20
# A publishing call that answered nothing has taken effect or not after this.
SETTLED_S = 90
# Meta's clock and ours may differ by this.
SKEW = timedelta(seconds=30)
# A container lives so long, and so a publication of it is no older.
CONTAINER_LIFE = timedelta(hours=24)
# How often we look for a published post in the listing, by its age, before we say
# that it is out without knowing its link.
LISTING_WAITS = ((120, 10), (600, 60), (2_400, 300))

# How often we look for a comment whose answer was lost, by the call's age. Nobody
# tells how late comments are listed; later than this they are taken for not written.
COMMENT_WAITS = ((60, 10), (600, 60))
# A page holds 50 at most, and who has had more than this many can't be read through.
COMMENTS_PAGE, COMMENTS_PAGES = 50, 20

FETCH_TRIES = 3
TOKEN_MIN_AGE = timedelta(hours=24)
REFRESH_AHEAD = timedelta(days=30)
