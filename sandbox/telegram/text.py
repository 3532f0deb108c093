"""From the parameters of a call to the text people see, with the length rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.telegram import entities
from sandbox.telegram.entities import StyledText
from sandbox.telegram.errors import bad_request
from sandbox.telegram.markup_html import parse_html
from sandbox.telegram.markup_markdown import parse_markdown, parse_markdown_v2

MAX_RAW_BYTES = 32_768
MAX_TEXT = 4096
MAX_CAPTION = 1024
MODES: dict[str, Callable[[str], StyledText]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}


def styled_text(source: str, parse_mode: str, raw_entities: Any) -> StyledText:
    """Parsed, cleaned and settled; ``parse_mode`` wins over entities."""
    if len(source.encode()) > MAX_RAW_BYTES:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if mode not in ("", "none", *MODES):
        raise bad_request("Unsupported parse_mode")
    if mode in MODES:
        parsed = MODES[mode](source)
    else:
        parsed = StyledText(source, tuple(entities.from_json(raw_entities)))
    return entities.settle(entities.clean(parsed))


def message_text(source: str, parse_mode: str, raw_entities: Any) -> StyledText:
    """1-4096 code points after parsing."""
    if not source:
        raise bad_request("Message text is empty")
    styled = styled_text(source, parse_mode, raw_entities)
    if not styled.text:
        raise bad_request("Text must be non-empty")
    if len(styled.text) > MAX_TEXT:
        raise bad_request("Message is too long")
    return styled


def caption_text(source: str, parse_mode: str, raw_entities: Any) -> StyledText:
    """0-1024 code points after parsing."""
    styled = styled_text(source, parse_mode, raw_entities)
    if len(styled.text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")
    return styled
