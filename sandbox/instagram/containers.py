"""Containers: made, filled with media, processed, looked at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.double import Call
from sandbox.instagram import checks
from sandbox.instagram.access import Access, access_to
from sandbox.instagram.store import CONTAINER_LIFE_S, Container
from sandbox.instagram.wish import Wish, read_wish
from sandbox.media import FetchFailed, MediaFacts, Received, inspect
from sandbox.meta import errors
from sandbox.meta.double import DAY
from sandbox.meta.graph import GraphError, Node
from sandbox.state import Identity

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram

# Videos take longer than images.
VIDEO_FACTOR = 3
UNREADABLE_VIDEO = str(errors.MEDIA_UNREADABLE.subcode)
STATUS_TEXT = {
    "IN_PROGRESS": "In progress: the media is being processed.",
    "FINISHED": "Finished: the media can be published.",
    "PUBLISHED": "Published: the media has been published.",
    "EXPIRED": "Expired: the container was not published within 24 hours.",
}


class Containers:
    """Creates containers and knows their state."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.world = double.world
        self.store = double.store

    async def create(self, call: Call) -> web.Response:
        access = await self.double.access(call, call.params["node"], "publish")
        asked = await call.fields()
        wish = read_wish(asked, own_login=access.own_login)
        self._check_account(access, wish)
        container = self._draft(access, wish)
        if wish.image_url:
            await self._load_image(container, wish)
        if wish.children:
            self._check_children(container)
            container.ready_at = self._ready_at(container)
        self._add(container)
        if wish.video_url:
            self.world.spawn(self._load_video(container, wish.video_url))
        return self.double.answer(call, self._created(container, call))

    def _created(self, container: Container, call: Call) -> Node:
        answer: Node = {"id": container.id}
        if container.resumable:
            version = call.params["version"].strip("/") or "v26.0"
            place = f"ig-api-upload/{version}/{container.id}"
            answer["uri"] = f"https://rupload.facebook.com/{place}"
        return answer

    def _check_account(self, access: Access, wish: Wish) -> None:
        account = access.account
        if account.extra["restricted"]:
            raise GraphError(errors.RESTRICTED)
        if wish.media_type == "STORIES" and not self._takes_stories(account):
            text = "Stories can be published by business accounts only"
            raise GraphError(errors.NO_PERMISSION, f"(#10) {text}")
        since = self.world.now() - DAY
        made = self.store.containers_since(account.id, since)
        if made >= self.double.setting("containers_per_day"):
            text = "The limit of containers per day is reached"
            raise GraphError(errors.QUOTA_USED, text)

    def _takes_stories(self, account: Identity) -> bool:
        return account.kind == "business" or bool(
            self.double.setting("creator_stories")
        )

    def _draft(self, access: Access, wish: Wish) -> Container:
        return Container(
            id=self.store.new_id("container"),
            account=access.account.id,
            app=access.token.app,
            media_type=wish.media_type,
            created_at=self.world.now(),
            caption=wish.caption,
            alt_text=wish.alt_text,
            source_url=wish.image_url or wish.video_url,
            is_item=wish.is_item,
            children=wish.children,
            options=wish.options,
            resumable=wish.resumable,
        )

    def _add(self, container: Container) -> None:
        """Keep it, with whatever a fault on the step "processing" does to it."""
        rules = self.world.faults.take("instagram", "processing", container.account)
        for rule in rules:
            if rule.kind == "error":
                container.error = str(rule.detail.get("subcode", 2207082))
            elif rule.kind == "hang":
                container.extra_delay = math.inf
            else:
                container.extra_delay += rule.delay_ms / 1000
        self.store.add_container(container)

    def _check_children(self, container: Container) -> None:
        for child in container.children:
            item = self.store.containers.get(child)
            if item is None or item.account != container.account:
                raise GraphError(errors.MEDIA_NOT_FOUND)
            if not item.is_item:
                text = f"{child} is not a carousel item"
                raise GraphError(errors.BAD_PARAMETER, f"(#100) {text}")

    async def _load_image(self, container: Container, wish: Wish) -> None:
        """Bad images fail at the creation itself."""
        if self.world.settings["fetch_media"]:
            facts = await self._fetch(wish.image_url, checks.IMAGE_MAX * 4)
            checks.check_image(facts, story=wish.media_type == "STORIES")
            container.facts = facts.as_ledger(wish.alt_text, wish.image_url)
        container.ready_at = self._ready_at(container)

    async def _fetch(self, address: str, limit: int) -> MediaFacts:
        """Look at an image; GraphError 9004 if the address gives none."""
        try:
            received = await self.double.download(address, limit)
        except FetchFailed as error:
            raise GraphError(errors.MEDIA_UNREADABLE, str(error)) from error
        try:
            facts = await inspect(received)
            if self.world.settings["thumbnails"]:
                await self.world.thumbnails.keep(facts, received)
        finally:
            received.close()
        return facts

    async def _load_video(self, container: Container, address: str) -> None:
        """Bad videos fail later, in the container's status."""
        if self.world.settings["fetch_media"]:
            container.error = container.error or await self._read_video(
                container, address
            )
        container.ready_at = self._ready_at(container)
        self.store.state.touch()

    async def _read_video(self, container: Container, address: str) -> str:
        try:
            received = await self.double.download(address, checks.VIDEO_FETCH_MAX)
        except FetchFailed:
            return UNREADABLE_VIDEO
        try:
            return await self.take_video(container, received)
        finally:
            received.close()

    async def take_video(self, container: Container, received: Received) -> str:
        """Check a video's bytes; the number of what is wrong, or nothing."""
        facts = await inspect(received)
        if self.world.settings["thumbnails"]:
            await self.world.thumbnails.keep(facts, received)
        container.facts = facts.as_ledger("", container.source_url)
        story = container.media_type == "STORIES"
        limits = checks.STORY if story else checks.REEL
        faststart = bool(self.double.setting("require_faststart"))
        fault = checks.video_fault(facts, limits, faststart=faststart)
        return fault or await self._cover_fault(container, facts)

    async def _cover_fault(self, container: Container, facts: MediaFacts) -> str:
        cover = container.options.get("cover_url")
        if cover:
            try:
                image = await self._fetch(cover, checks.IMAGE_MAX * 4)
                checks.check_image(image, story=True)
            except GraphError as error:
                return str(error.fault.subcode)
            container.facts["cover_sha256"] = image.sha256
        offset = container.options.get("thumb_offset", 0) / 1000
        late = not cover and offset > facts.duration
        return errors.THUMB_OFFSET if late else ""

    def _ready_at(self, container: Container) -> float:
        video = container.source_url and container.media_type in ("REELS", "VIDEO")
        factor = VIDEO_FACTOR if video or container.resumable else 1
        pause_ms = float(self.world.settings["processing_ms"]) * factor
        return self.world.now() + pause_ms / 1000

    def finish_upload(self, container: Container, error: str) -> None:
        container.error = container.error or error
        container.ready_at = self._ready_at(container)
        self.store.state.touch()

    def status(self, container: Container) -> str:
        """IN_PROGRESS, FINISHED, PUBLISHED, ERROR or EXPIRED."""
        if container.published:
            return "PUBLISHED"
        now = self.world.now()
        if now - container.created_at >= CONTAINER_LIFE_S:
            return "EXPIRED"
        ready = container.ready_at
        if ready is None or ready + container.extra_delay > now:
            return "IN_PROGRESS"
        if container.error:
            return "ERROR"
        return self._with_children(container)

    def _with_children(self, container: Container) -> str:
        """A carousel is ready when its items are; one bad item spoils it."""
        items = [self.store.containers[child] for child in container.children]
        states = {self.status(item) for item in items}
        if states & {"ERROR", "EXPIRED"}:
            return "ERROR"
        return "IN_PROGRESS" if "IN_PROGRESS" in states else "FINISHED"

    def node(self, container: Container) -> Node:
        status = self.status(container)
        number = container.error or errors.ITEM_FAILED
        failed = f"Error: Media upload has failed with error code {number}"
        return {
            "id": container.id,
            "status_code": status,
            "status": STATUS_TEXT.get(status, failed),
            "copyright_check_status": {"status": "completed", "matches_found": False},
            "video_status": self._video_status(container, status),
        }

    def _video_status(self, container: Container, status: str) -> Node | None:
        if not container.resumable:
            return None
        done = container.ready_at is not None
        uploading = {
            "status": "complete" if done else "in_progress",
            "bytes_transferred": container.bytes_received,
        }
        processing = {"status": "complete" if status == "FINISHED" else "not_started"}
        return {"uploading_phase": uploading, "processing_phase": processing}

    async def read(self, call: Call, container: Container) -> web.Response:
        token = await self.double.token(call)
        access_to(self.store.state, token, container.account, "basic")
        self.double.check_reader(token)
        return await self.double.show(call, self.node(container), "IGContainer")

    def resume(self) -> None:
        """Downloads do not outlive the process; those containers failed."""
        for container in self.store.containers.values():
            if container.ready_at is None and not container.resumable:
                container.error = errors.VIDEO_UNKNOWN
                container.ready_at = self.world.now()

    def facts_of(self, container: Container) -> list[dict[str, Any]]:
        """Media of a single container or of a carousel's items, in order."""
        parts = [self.store.containers[child] for child in container.children]
        return [self._facts(part) for part in parts or [container]]

    def _facts(self, container: Container) -> dict[str, Any]:
        if container.facts:
            return {**container.facts, "alt_text": container.alt_text}
        kind = "video" if container.media_type in ("REELS", "VIDEO") else "image"
        return {
            "kind": kind,
            "alt_text": container.alt_text,
            "source_url": container.source_url,
        }
