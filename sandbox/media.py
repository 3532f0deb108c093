"""Media as a platform meets it: fetched by address or received as bytes, then read."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import IO, Any
from urllib.robotparser import RobotFileParser

import aiohttp
from PIL import Image, UnidentifiedImageError
from yarl import URL

CHUNK = 256 * 1024
IN_MEMORY = 2 * 1024 * 1024
MAX_REDIRECTS = 3
FETCH_TIMEOUT_S = 15
NO_FILMS = ("_pipe", "image2", "tty")
IMAGE_MIMES = {
    "JPEG": "image/jpeg",
    "MPO": "image/mpo",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}


class FetchFailed(Exception):
    """The address gave no media; the text says why."""


@dataclass(slots=True)
class MediaFacts:
    """What the bytes are. Sizes in bytes and pixels, times in seconds.

    `format` is Pillow's name ("JPEG") or the container's ("mp4"); `kind` is
    "image", "video", or "other" when nothing could be read.
    """

    kind: str
    mime: str
    size: int
    sha256: str
    format: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0.0
    fps: float = 0.0
    video_codec: str = ""
    audio_codec: str = ""
    audio_rate: int = 0
    audio_channels: int = 0
    pixel_format: str = ""
    animated: bool = False
    moov_first: bool = True

    @property
    def ratio(self) -> float:
        """Width by height; 0 if unknown."""
        return self.width / self.height if self.height else 0.0

    def as_ledger(self, alt_text: str = "", source_url: str = "") -> dict[str, Any]:
        return {**asdict(self), "alt_text": alt_text, "source_url": source_url}


class Received:
    """Bytes on their way in: counted, hashed, kept in memory or on disk."""

    def __init__(self, limit: int = 0) -> None:
        self.limit = limit
        self.size = 0
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._hash = hashlib.sha256()

    def write(self, chunk: bytes) -> None:
        """FetchFailed beyond the limit (0 = none)."""
        self.size += len(chunk)
        if self.limit and self.size > self.limit:
            raise FetchFailed(f"The media is larger than {self.limit} bytes.")
        self._hash.update(chunk)
        self.file.write(chunk)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Received:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


async def receive(chunks: AsyncIterator[bytes], limit: int = 0) -> Received:
    """Take a stream in. The caller closes what comes back."""
    received = Received(limit)
    try:
        async for chunk in chunks:
            received.write(chunk)
    except BaseException:
        received.close()
        raise
    return received


def from_bytes(data: bytes) -> Received:
    received = Received()
    received.write(data)
    return received


async def inspect(received: Received) -> MediaFacts:
    """Read the media in a thread; never raises for odd bytes."""
    return await asyncio.to_thread(read_facts, received)


def read_facts(received: Received) -> MediaFacts:
    facts = MediaFacts("other", "application/octet-stream", received.size, "")
    facts.sha256 = received.sha256
    if not _read_image(received.file, facts):
        _read_video(received.file, facts)
    return facts


def _read_image(file: IO[bytes], facts: MediaFacts) -> bool:
    file.seek(0)
    try:
        with Image.open(file) as image:
            facts.kind, facts.format = "image", image.format or ""
            facts.width, facts.height = image.size
            facts.animated = bool(getattr(image, "is_animated", False))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False
    facts.mime = IMAGE_MIMES.get(facts.format, "application/octet-stream")
    return True


def _read_video(file: IO[bytes], facts: MediaFacts) -> bool:
    # Loaded on first use: FFmpeg's libraries cost 30 MB a sandbox without
    # videos does not need.
    av = import_module("av")
    file.seek(0)
    try:
        with av.open(file, mode="r", metadata_errors="ignore") as container:
            _read_streams(container, facts)
    except (av.error.FFmpegError, OSError, ValueError):
        return False
    facts.moov_first = _moov_first(file)
    return facts.kind == "video"


def _moov_first(file: IO[bytes]) -> bool:
    """Whether an MP4's index stands before its data ("fast start")."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(16)
        if len(head) < 8 or head[4:8] == b"moov":
            return True
        if head[4:8] == b"mdat":
            return False
        size = int.from_bytes(head[:4], "big")
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size < 8:
            return True
        at += size


def _read_streams(container: Any, facts: MediaFacts) -> None:
    # FFmpeg takes a broken picture for a film of one picture, and text for art.
    if not container.streams.video or container.format.name.endswith(NO_FILMS):
        return
    video = container.streams.video[0]
    facts.kind = "video"
    facts.format = container.format.name
    facts.mime = "video/mp4" if "mp4" in facts.format else "video/x-unknown"
    facts.width, facts.height = video.width, video.height
    facts.duration = (container.duration or 0) / 1_000_000
    facts.fps = float(video.average_rate or 0)
    facts.video_codec = video.codec_context.name
    facts.pixel_format = video.codec_context.pix_fmt or ""
    if container.streams.audio:
        audio = container.streams.audio[0].codec_context
        facts.audio_codec = audio.name
        facts.audio_rate = audio.sample_rate
        facts.audio_channels = audio.layout.nb_channels


class Fetcher:
    """Fetches media like a platform's crawler: no cookies, few redirects, bounded."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def fetch(
        self,
        address: str,
        *,
        limit: int,
        agent: str = "sandbox/1.0",
        robots: bool = False,
    ) -> Received:
        """The bytes behind an address; FetchFailed with the reason.

        `robots`: ask the server's robots.txt first, as some crawlers do.
        """
        try:
            url = URL(address)
            if url.scheme not in ("http", "https") or not url.host:
                raise FetchFailed("The address is not a web address.")
            if robots:
                await self._ask_robots(url, agent)
            return await self._get(url, limit, agent)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
            raise FetchFailed(f"{type(error).__name__} while fetching.") from error

    async def _ask_robots(self, url: URL, agent: str) -> None:
        async with self._open().get(url.with_path("/robots.txt")) as response:
            rules = await response.text() if response.status == 200 else ""
        parser = RobotFileParser()
        parser.parse(rules.splitlines())
        if not parser.can_fetch(agent, str(url)):
            raise FetchFailed("robots.txt does not let the platform in.")

    async def _get(self, url: URL, limit: int, agent: str) -> Received:
        headers = {"User-Agent": agent}
        session = self._open()
        async with session.get(
            # aiohttp gives up *at* this number, not after it.
            url,
            headers=headers,
            max_redirects=MAX_REDIRECTS + 1,
        ) as response:
            if response.status != 200:
                raise FetchFailed(f"The address answered HTTP {response.status}.")
            return await receive(response.content.iter_chunked(CHUNK), limit)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=FETCH_TIMEOUT_S),
                connector=aiohttp.TCPConnector(limit=64),
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
