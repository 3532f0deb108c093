"""What can come back instead of an answer, and what a send may then claim."""

from __future__ import annotations

from core.http import AnswerLost, BadReply, NotSent, Reply
from tests.platforms.fakes import Answer, reply

HTML = b"<html><body>Bad gateway</body></html>"

# The request never left: `Unavailable` is the truth.
NOT_SENT: dict[str, Answer] = {"refused": NotSent("ConnectionError")}

# It may have been acted upon: only `OutcomeUnknown` is.
LOST: dict[str, Answer] = {
    "cut": AnswerLost("ConnectionError"),
    "timed out": AnswerLost("ReadTimeout"),
    "too large": BadReply("The answer is too large.", Reply(200, {}, b"")),
    "500": reply(HTML, 500),
    "500 json": reply({}, 500),
    "502": reply(HTML, 502),
    "503": reply(b"", 503),
    "504": reply(HTML, 504),
    "malformed": reply(b'{"ok": tru'),
    "empty": reply(b""),
    "page": reply(HTML),
    "no object": reply([]),
    "null": reply(None),
    "number": reply(7),
    "empty object": reply({}),
    "deep": reply(b"[" * 100_000),
}

# Taken by nobody: said so by the status alone.
REFUSED: dict[str, Answer] = {
    "429": reply(HTML, 429),
    "429 later": reply({}, 429, retry_after="37"),
    "429 odd": reply({}, 429, retry_after="soon"),
    "400": reply({}, 400),
    "400 page": reply(HTML, 400),
    "401": reply({}, 401),
    "403": reply({}, 403),
    "404": reply({}, 404),
    "302": reply(b"", 302, location="https://elsewhere.example/"),
}


def echoes(text: str) -> tuple[object, ...]:
    """Bodies that hand something back, in the envelopes platforms use."""
    return (
        {"error": {"message": text, "error_user_msg": text, "code": 77_777}},
        {"ok": False, "error_code": 400, "description": text},
        {"error": "InvalidRequest", "message": text},
        {"error_type": "Odd", "code": 400, "error_message": text},
        {"error": "invalid_request", "error_description": text},
        text,
    )


ALL: dict[str, Answer] = {**NOT_SENT, **LOST, **REFUSED}
