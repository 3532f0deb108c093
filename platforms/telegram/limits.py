"""What Telegram takes, read on 2026-11-21 in https://core.telegram.org/bots/api."""

from __future__ import annotations

from datetime import date

from platforms.limits import ImageLimit, Limits, Pace, TextLimit, VideoLimit

TEXT = TextLimit(4_096)
CAPTION = TextLimit(1_024)
ALBUM = (2, 10)

PHOTO = ImageLimit(
    formats=("image/jpeg", "image/png"),
    max_bytes=10_000_000,
    max_pixels_sum=10_000,
    min_ratio=1 / 20,
    max_ratio=20,
)
VIDEO = VideoLimit(
    formats=("video/mp4",), max_bytes=50_000_000, codecs=("h264", "hevc")
)

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
BOT_PACE = Pace(30, 1, "app")
CHANNEL_PACE = Pace(20, 60, "profile")

LIMITS = Limits(
    text=TEXT,
    text_by_kind={"photo": CAPTION, "video": CAPTION, "album": CAPTION},
    image=PHOTO,
    video=VIDEO,
    paces=(BOT_PACE, CHANNEL_PACE),
    read_on=date(2026, 11, 21),
    source="https://core.telegram.org/bots/api",
)

# A lost answer leaves a person to look in the channel, so waiting long is the cheaper.
ANSWER_S = 60.0
UPLOAD_S = 300.0
# When a refusal for haste doesn't say how long: a channel takes about 20 a minute.
PAUSE_S = 60.0
