"""Files a bot sends: uploads, addresses to fetch, and identifiers of earlier ones."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp.web import FileField

from sandbox.media import FetchFailed, MediaFacts, Received, inspect, read_facts
from sandbox.telegram.arguments import ATTACHED, Arguments
from sandbox.telegram.errors import BotError, bad_request
from sandbox.telegram.rows import StoredFile
from sandbox.world import World

MB = 1024 * 1024
PHOTO_UPLOAD = 10 * MB
PHOTO_BY_URL = 5 * MB
FILE_BY_URL = 20 * MB
MAX_SIDES = 10_000
MAX_RATIO = 20
PHOTO_SIDES = (90, 320, 800, 1280)
SPOKEN = {
    "photo": "Photo",
    "video": "Video",
    "animation": "Animation",
    "document": "Document",
    "audio": "Audio",
}
# Kinds whose identifiers may stand for one another.
INTERCHANGEABLE = ({"document", "animation"}, {"document", "video"})
# Beside GIF, documents are fetched only if they are PDF or ZIP.
DOCUMENT_HEADS = (b"%PDF", b"PK\x03\x04")
AGENT = "TelegramBot (like TwitterBot)"


@dataclass(slots=True)
class InputFile:
    """A file ready to be sent; `photo_sizes` only for photos, biggest last."""

    stored: StoredFile
    photo_sizes: list[dict[str, Any]]
    source_url: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        return self.stored.facts

    def as_ledger(self) -> dict[str, Any]:
        return {**self.facts, "alt_text": "", "source_url": self.source_url}


class Files:
    """Remembers what was uploaded by its file_id, never the bytes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.state.table("telegram.files", StoredFile)

    async def take(self, arguments: Arguments, value: Any, kind: str) -> InputFile:
        """`value`: a file part, `attach://part`, an address, or a file_id."""
        if isinstance(value, FileField):
            return await self._uploaded(value, kind)
        if not isinstance(value, str) or not value:
            raise bad_request(f"There is no {kind} in the request")
        part = arguments.upload(value)
        if part is not None:
            return await self._uploaded(part, kind)
        if value.startswith(ATTACHED):
            raise bad_request("Wrong file identifier/HTTP URL specified")
        if "://" in value:
            return await self._fetched(value, kind)
        return self._known(value, kind)

    async def _uploaded(self, part: FileField, kind: str) -> InputFile:
        received = await asyncio.to_thread(_receive, part)
        try:
            if not received.size:
                raise bad_request("file must be non-empty")
            if kind == "photo" and received.size > PHOTO_UPLOAD:
                raise too_big_photo(received.size)
            return await self._keep(received, kind, part.filename or "file")
        finally:
            received.close()

    async def _fetched(self, url: str, kind: str) -> InputFile:
        if not url.startswith(("http://", "https://")):
            raise bad_request("Wrong HTTP URL specified")
        if not self.world.settings["fetch_media"]:
            return self._believed(url, kind)
        limit = PHOTO_BY_URL if kind == "photo" else FILE_BY_URL
        try:
            received = await self.world.fetcher.fetch(url, limit=limit, agent=AGENT)
        except FetchFailed as error:
            raise bad_request("Failed to get HTTP URL content") from error
        try:
            await asyncio.to_thread(check_page_type, received, kind)
            file = await self._keep(received, kind, url.rsplit("/", 1)[-1])
        finally:
            received.close()
        file.source_url = url
        return file

    def _believed(self, url: str, kind: str) -> InputFile:
        facts = MediaFacts(kind, "image/jpeg", 1000, "", width=1080, height=1080)
        file = self._store(facts, kind, url.rsplit("/", 1)[-1])
        return InputFile(file, self._sizes(file), url)

    async def _keep(self, received: Received, kind: str, name: str) -> InputFile:
        facts = await inspect(received)
        if kind == "photo":
            check_photo(facts)
        if kind == "video" and facts.kind != "video":
            # What is no video to Telegram still arrives, as a plain file.
            kind = "document"
        if self.world.settings["thumbnails"]:
            await self.world.thumbnails.keep(facts, received)
        stored = self._store(facts, kind, name)
        return InputFile(stored, self._sizes(stored))

    def _store(self, facts: MediaFacts, kind: str, name: str) -> StoredFile:
        prefix = {"photo": "AgACAgQA", "video": "BAACAgQA"}.get(kind, "BQACAgQA")
        stored = StoredFile(
            file_id=prefix + secrets.token_urlsafe(42),
            unique_id="AQAD" + secrets.token_urlsafe(9),
            kind=kind,
            name=name,
            facts=facts.as_ledger(),
        )
        for own in ("alt_text", "source_url"):
            stored.facts.pop(own)
        self.rows[stored.file_id] = stored
        self.world.state.touch()
        return stored

    def _sizes(self, stored: StoredFile) -> list[dict[str, Any]]:
        """What Telegram makes of a photo; every size can be sent again."""
        if stored.kind != "photo":
            return []
        sizes = [self._size(stored, side) for side in _sides(stored.facts)]
        sizes[-1] |= {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
        return sizes

    def _size(self, stored: StoredFile, side: int) -> dict[str, Any]:
        width, height = stored.facts["width"], stored.facts["height"]
        scale = min(1.0, side / max(width, height))
        smaller = StoredFile(
            file_id=f"{stored.file_id}{side}",
            unique_id=f"{stored.unique_id}{side}",
            kind="photo",
            name=stored.name,
            facts=stored.facts,
            original=stored.file_id,
        )
        self.rows[smaller.file_id] = smaller
        return {
            "file_id": smaller.file_id,
            "file_unique_id": smaller.unique_id,
            "file_size": round(stored.facts["size"] * scale * scale),
            "width": max(1, round(width * scale)),
            "height": max(1, round(height * scale)),
        }

    def _known(self, file_id: str, kind: str) -> InputFile:
        stored = self.rows.get(file_id)
        if stored is not None and stored.original:
            stored = self.rows.get(stored.original)
        if stored is None:
            raise bad_request("Wrong file identifier/HTTP URL specified")
        if stored.kind != kind and {stored.kind, kind} not in INTERCHANGEABLE:
            real, wanted = SPOKEN[stored.kind], SPOKEN[kind]
            raise bad_request(f"can't use file of type {real} as {wanted}")
        return InputFile(stored, self._sizes(stored))


def _receive(part: FileField) -> Received:
    received = Received()
    part.file.seek(0)
    while chunk := part.file.read(256 * 1024):
        received.write(chunk)
    return received


def _sides(facts: dict[str, Any]) -> list[int]:
    longest = max(facts["width"], facts["height"])
    smaller = [side for side in PHOTO_SIDES if side < longest]
    return [*smaller, PHOTO_SIDES[-1]] if longest <= PHOTO_SIDES[-1] else smaller


def too_big_photo(size: int) -> BotError:
    return bad_request(
        f"File of size {size} bytes is too big for a photo; "
        f"the maximum size is {PHOTO_UPLOAD} bytes"
    )


def check_page_type(received: Received, kind: str) -> None:
    """An address must give what the method is for; documents are a short list."""
    facts = read_facts(received)
    received.file.seek(0)
    head = received.file.read(4)
    if kind == "document":
        fits = facts.mime == "image/gif" or head.startswith(DOCUMENT_HEADS)
    else:
        fits = facts.kind == {"photo": "image"}.get(kind, "video")
    if not fits and kind != "audio":
        raise bad_request("Wrong type of the web page content")


def check_photo(facts: MediaFacts) -> None:
    """Photos must be pictures of a bearable shape."""
    if facts.kind != "image":
        raise bad_request("IMAGE_PROCESS_FAILED")
    if facts.width + facts.height > MAX_SIDES:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    if not 1 / MAX_RATIO <= facts.ratio <= MAX_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
