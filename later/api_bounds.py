"""What a call of the API may cost: how often, how long, how deep.

Apart from `later.api`, because the framework's views read these while they load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.throttling import BaseThrottle

from accounts.limits import who
from core.limits import Limit, require_room

# Twenty a second for half a minute: a program's burst, not its steady pace.
CALLS = Limit("api", times=600, seconds=60)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class TooLarge(APIException):
    status_code = 413
    default_detail = "This is more than one call takes."
    default_code = "too_large"


class Json(JSONParser):
    """Neither without end nor nested without end: both would cost all the memory."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge
        try:
            found = super().parse(BytesIO(raw), media_type, parser_context)
            _require_text(found)
        except RecursionError:
            raise ParseError("This is nested too deep.") from None
        return found


def _require_text(found: Any) -> None:
    """No NUL and no half of a character, which neither database nor answer can hold."""
    if isinstance(found, dict):
        _require_text([*found, *found.values()])
    elif isinstance(found, list):
        for each in found:
            _require_text(each)
    elif isinstance(found, str) and _NO_TEXT.search(found):
        raise ParseError("A text holds what is no character.")


class Throttle(BaseThrottle):
    """Of each person, across all operations; an operation may add its own."""

    def allow_request(self, request: Any, view: Any) -> bool:
        require_room(CALLS, who(request))
        return True
