"""Parameters of a Bot API call, however they came: query, form, multipart, JSON."""

from __future__ import annotations

import json
from typing import Any

from aiohttp.web import FileField

from sandbox.telegram.errors import BotError, bad_request

MAX_UPLOAD = 50 * 1024 * 1024
TRUE_WORDS = frozenset({"true", "yes", "1", "y", "t"})
ATTACHED = "attach://"


class Arguments:
    """Typed readers; what a method does not know is ignored, as Telegram does."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields
        self.files = [item for item in fields.values() if isinstance(item, FileField)]
        self.upload_size = sum(_size(item) for item in self.files)
        if self.upload_size > MAX_UPLOAD:
            raise BotError(413)

    def text(self, name: str) -> str:
        value = self._fields.get(name, "")
        if isinstance(value, str):
            return value
        if value is None or isinstance(value, FileField):
            return ""
        return json.dumps(value)

    def given(self, name: str) -> Any:
        """As it came: text, a file part, or a JSON value."""
        return self._fields.get(name)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in TRUE_WORDS

    def integer(self, name: str, default: int = 0) -> int:
        """Anything that is no number counts as not given."""
        try:
            return int(self.text(name))
        except ValueError:
            return default

    def structure(self, name: str, spoken: str = "") -> Any:
        """A nested object; inside forms it is JSON text. None if not given."""
        value = self._fields.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            what = spoken or name
            raise bad_request(f"Can't parse {what} JSON object") from error

    def upload(self, value: str) -> FileField | None:
        """The file part a value names: `attach://part`, or the field itself."""
        part = self._fields.get(value.removeprefix(ATTACHED))
        return part if isinstance(part, FileField) else None


def _size(part: FileField) -> int:
    part.file.seek(0, 2)
    size = part.file.tell()
    part.file.seek(0)
    return size
