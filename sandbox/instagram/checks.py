"""Instagram's limits on the media's bytes (fact sheet, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.media import MediaFacts
from sandbox.meta import errors
from sandbox.meta.graph import GraphError

MIB = 1024 * 1024
IMAGE_MAX = 8 * MIB
# A pixel of rounding at the bounds 4:5 and 1.91:1 is let through.
FEED_RATIO = (0.795, 1.915)
VIDEO_FETCH_MAX = 300 * MIB
CODECS = ("h264", "hevc")
PIXELS = ("yuv420p", "yuvj420p", "yuv420p10le")
FPS = (22.9, 60.5)
WIDTH_MAX = 1920
BITRATE_MAX = 25_000_000
AUDIO_RATE_MAX = 48_000
AUDIO_CHANNELS_MAX = 2


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """Seconds, bytes, width by height."""

    shortest: float
    longest: float
    largest: int
    ratio: tuple[float, float]


# Carousel items have no table of their own; the reel's values apply.
REEL = VideoLimits(3, 15 * 60, 300 * MIB, (0.01, 10))
STORY = VideoLimits(3, 60, 100 * MIB, (0.1, 10))


def check_image(facts: MediaFacts, *, story: bool) -> None:
    """GraphError with the image's fault."""
    if facts.kind == "other":
        raise GraphError(errors.MEDIA_UNREADABLE)
    if facts.format != "JPEG":
        raise GraphError(errors.IMAGE_FORMAT)
    if facts.size > IMAGE_MAX:
        raise GraphError(errors.IMAGE_TOO_LARGE)
    low, high = FEED_RATIO
    if not story and not low <= facts.ratio <= high:
        raise GraphError(errors.IMAGE_RATIO)


def video_fault(facts: MediaFacts, limits: VideoLimits, *, faststart: bool) -> str:
    """The number for the container's status text; empty if the video will do."""
    good = (
        facts.kind == "video"
        and _fits(facts, limits)
        and _encoded_well(facts)
        and _sounds_well(facts)
        and (facts.moov_first or not faststart)
    )
    return "" if good else errors.VIDEO_FORMAT


def _fits(facts: MediaFacts, limits: VideoLimits) -> bool:
    low, high = limits.ratio
    # Containers round a duration to whole audio frames.
    return (
        limits.shortest - 0.1 <= facts.duration <= limits.longest + 0.1
        and facts.size <= limits.largest
        and low <= facts.ratio <= high
        and facts.width <= WIDTH_MAX
    )


def _encoded_well(facts: MediaFacts) -> bool:
    low, high = FPS
    return (
        "mp4" in facts.format
        and facts.video_codec in CODECS
        and facts.pixel_format in PIXELS
        and low <= facts.fps <= high
        and facts.size * 8 <= BITRATE_MAX * max(facts.duration, 0.1)
    )


def _sounds_well(facts: MediaFacts) -> bool:
    if not facts.audio_codec:
        return True
    return (
        facts.audio_codec == "aac"
        and facts.audio_rate <= AUDIO_RATE_MAX
        and facts.audio_channels <= AUDIO_CHANNELS_MAX
    )
