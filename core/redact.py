"""Take secrets out of text that will be kept or shown."""

from __future__ import annotations

import re

MASK = "***"

_NAMES = (
    "access_token|refresh_token|client_secret|fb_exchange_token|input_token|token"
    "|accessJwt|refreshJwt|code_verifier|client_assertion|password|secret|code"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"(?i)(\b(?:{_NAMES})=)[^&\s\"']+"), rf"\1{MASK}"),
    (re.compile(rf'(?i)("(?:{_NAMES})"\s*:\s*")[^"]*'), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer|dpop|oauth)\s+[\w.~+/=|-]{8,}"), rf"\1 {MASK}"),
    # A Telegram token; in an address the word "bot" stands right before it.
    (re.compile(r"(?<!\d)\d{6,12}(?::|%3[Aa])[\w-]{30,}"), MASK),
    (re.compile(r"\beyJ[\w-]{6,}(?:\.[\w-]*){1,2}"), MASK),
    (re.compile(r"\b(?:IGAA|EAA)[\w-]{4,}"), MASK),
    # Google's access and refresh tokens, and the secret of an app.
    (re.compile(r"\b(?:ya29\.|GOCSPX-)[\w.-]{8,}"), MASK),
    (re.compile(r"(?<![\w/])1//0[\w-]{8,}"), MASK),
    # LinkedIn's: as long as no word is.
    (re.compile(r"\bAQ[\w-]{60,}"), MASK),
    # TikTok's access and refresh tokens.
    (re.compile(r"\b(?:act|rft)\.[\w.!*~-]{16,}"), MASK),
)


def redact(text: str, *, limit: int = 2_000) -> str:
    """`text` without anything that looks like a credential, cut to `limit`."""
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text if len(text) <= limit else text[:limit] + "…"
