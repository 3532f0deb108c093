"""What a request may put on this machine's disk before anybody looked at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

# A form without scripts sends several files at once.
FILES_AT_ONCE = 4


class Bounds(FileUploadHandler):
    """Nobody signed in: no file at all. A file that is too large is kept up to one
    portion beyond the limit, so that the action can still refuse it in words."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise StopUpload(connection_reset=True)
        self._of_file = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        limit = settings.UPLOAD_MAX_MB * 1_000_000
        taken = getattr(self, "_of_all", 0)
        if self._of_file > limit or taken > limit * FILES_AT_ONCE:
            return None
        self._of_file += len(raw_data)
        self._of_all = taken + len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The next handler has it."""
        return None
