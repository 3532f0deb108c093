"""Resumable uploads: bytes from an offset, or an address to fetch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiohttp import web

from sandbox.double import Call, Refusal, Route
from sandbox.instagram import checks
from sandbox.instagram.access import UPLOAD, access_to
from sandbox.instagram.store import Container
from sandbox.media import CHUNK, FetchFailed, Received
from sandbox.meta import errors
from sandbox.meta.double import VERSION
from sandbox.meta.graph import GraphError

if TYPE_CHECKING:
    from sandbox.instagram.double import Instagram


class UploadRefused(Refusal):
    """The upload host's own envelope."""

    def __init__(self, message: str, *, retriable: bool = False) -> None:
        super().__init__(message)
        self.message, self.retriable = message, retriable

    def response(self) -> web.Response:
        info = {
            "retriable": self.retriable,
            "type": "ProcessingFailedError",
            "message": json.dumps({"success": False, "message": self.message}),
        }
        return web.json_response({"debug_info": info}, status=400)


class Uploads:
    """Partial bytes by container, kept until the upload is complete."""

    def __init__(self, double: Instagram) -> None:
        self.double = double
        self.partial: dict[str, Received] = {}

    def routes(self) -> list[Route]:
        path = "/ig-api-upload" + VERSION + "/{container}"
        return [Route("POST", path, "upload", self.upload, (UPLOAD,))]

    def clear(self) -> None:
        for received in self.partial.values():
            received.close()
        self.partial.clear()

    async def upload(self, call: Call) -> web.Response:
        container = self._container(call)
        address = call.request.headers.get("file_url", "")
        if address:
            await self._fetch(container, address)
        else:
            await self._receive(call, container)
        await self._settle(call, container, whole=bool(address))
        return web.json_response({"success": True, "message": "Upload successful."})

    def _container(self, call: Call) -> Container:
        token = self.double.good_token(call.bearer("OAuth"))
        container = self.double.store.containers.get(call.params["container"])
        if container is None or not container.resumable:
            raise GraphError(errors.MEDIA_NOT_FOUND)
        access_to(self.double.state, token, container.account, "publish")
        if container.ready_at is not None:
            raise UploadRefused("The upload is complete already")
        return container

    async def _fetch(self, container: Container, address: str) -> None:
        try:
            received = await self.double.download(address, checks.VIDEO_FETCH_MAX)
        except FetchFailed as error:
            raise UploadRefused(str(error), retriable=True) from error
        container.source_url = address
        container.bytes_received = received.size
        self.partial[container.id] = received

    async def _receive(self, call: Call, container: Container) -> None:
        """What has come stays, even if the connection dies in the middle."""
        received = self.partial.setdefault(container.id, Received())
        if number(call, "offset") != received.size:
            raise UploadRefused(f"The next offset is {received.size}", retriable=True)
        if number(call, "file_size") > checks.VIDEO_FETCH_MAX:
            raise UploadRefused("The file is too large")
        async for chunk in call.request.content.iter_chunked(CHUNK):
            received.write(chunk)
            container.bytes_received = received.size

    async def _settle(self, call: Call, container: Container, *, whole: bool) -> None:
        received = self.partial[container.id]
        if not whole and received.size < number(call, "file_size"):
            return
        containers = self.double.containers
        try:
            error = await containers.take_video(container, received)
        finally:
            self.partial.pop(container.id).close()
        containers.finish_upload(container, error)


def number(call: Call, header: str) -> int:
    value = call.request.headers.get(header, "")
    if not value.isdigit():
        raise UploadRefused(f"The header {header} is missing or no number")
    return int(value)
