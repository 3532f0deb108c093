"""``parse_mode=MarkdownV2`` and the legacy ``Markdown``, with their refusals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from sandbox.telegram.entities import Entity, StyledText, utf16_length
from sandbox.telegram.errors import bad_request

RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
# Mark in the text -> style; longer marks first, they win.
MARKS = {
    "```": "pre",
    "__": "underline",
    "||": "spoiler",
    "![": "custom_emoji",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "`": "code",
    "[": "text_link",
}
CLOSING = {"text_link": "]", "custom_emoji": "]"}
# How the platform calls a style when its end is missing.
SPOKEN = {
    "pre": "PreCode",
    "underline": "Underline",
    "spoiler": "Spoiler",
    "custom_emoji": "CustomEmoji",
    "italic": "Italic",
    "bold": "Bold",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}
LANGUAGE = re.compile(r"([^\s`]*)(?=[^`])(\r\n|\n\r|\n|\r)?")
EMOJI_LINK = re.compile(r"tg://emoji\?id=([1-9][0-9]*)$")


@dataclass
class OpenMark:
    style: str
    mark: str
    offset: int
    begin: int
    text_start: int
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Reader:
    """Walks the source once; the stack holds the marks still open."""

    source: str
    at: int = 0
    text: str = ""
    length: int = 0
    stack: list[OpenMark] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> StyledText:
        while self.at < len(self.source):
            self._step()
        self._end_quote()
        if self.stack:
            self._fail_open(self.stack[-1])
        return StyledText(self.text, tuple(self.entities))

    def _step(self) -> None:
        character = self.source[self.at]
        if character == "\\" and self._next_is_ascii():
            self._put(self.source[self.at + 1], 2)
        elif self._closes():
            self._close()
        elif character not in RESERVED or self._is_verbatim():
            self._put(character, 1)
        elif character == "\n":
            self._new_line()
        elif character == ">" and self._begins_line():
            self._quote_mark()
        else:
            self._open()

    def _next_is_ascii(self) -> bool:
        following = self.source[self.at + 1 : self.at + 2]
        return bool(following) and 0 < ord(following) <= 126

    def _put(self, character: str, consumed: int) -> None:
        self.text += character
        self.length += utf16_length(character)
        self.at += consumed

    def _is_verbatim(self) -> bool:
        return bool(self.stack) and self.stack[-1].style in ("code", "pre")

    def _closes(self) -> bool:
        if not self.stack:
            return False
        style, mark = self.stack[-1].style, self.stack[-1].mark
        if style == "italic" and self.source.startswith("__", self.at):
            return False
        closing = CLOSING.get(style, mark)
        return bool(closing) and self.source.startswith(closing, self.at)

    def _open(self) -> None:
        for mark, style in MARKS.items():
            if self.source.startswith(mark, self.at):
                opened = OpenMark(style, mark, self.length, self.at, len(self.text))
                self.stack.append(opened)
                self.at += len(mark)
                if style == "pre":
                    self._language(opened)
                return
        self._fail_reserved()

    def _language(self, opened: OpenMark) -> None:
        match = LANGUAGE.match(self.source, self.at)
        if match is None:
            return
        if match[1]:
            opened.extra["language"] = match[1]
        self.at = match.end()

    def _close(self) -> None:
        opened = self.stack.pop()
        self.at += len(CLOSING.get(opened.style, opened.mark))
        if opened.style in CLOSING:
            self._take_link(opened)
        self._add(opened)

    def _take_link(self, opened: OpenMark) -> None:
        inner = self.text[opened.text_start :]
        target = self._target() if self.source.startswith("(", self.at) else None
        if opened.style == "text_link":
            opened.extra["url"] = inner if target is None else target
            return
        if target is None:
            self._fail("The entity must contain a tg://emoji or tg://time URL")
        emoji = EMOJI_LINK.match(target)
        if emoji is None:
            self._fail("Invalid tg://emoji or tg://time URL specified")
        opened.extra["custom_emoji_id"] = emoji[1]

    def _target(self) -> str:
        self.at += 1
        begin, url = self.at, ""
        while not self.source.startswith(")", self.at):
            if self.at >= len(self.source):
                self._fail(
                    f"Can't find end of a URL at byte offset {self._bytes(begin)}"
                )
            escaped = self.source[self.at] == "\\" and self._next_is_ascii()
            url += self.source[self.at + escaped]
            self.at += 1 + escaped
        self.at += 1
        return url

    def _begins_line(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] == "\n"

    def _quote_mark(self) -> None:
        if not any(mark.style == "blockquote" for mark in self.stack):
            begin = OpenMark("blockquote", "", self.length, self.at, len(self.text))
            self.stack.append(begin)
        self.at += 1

    def _new_line(self) -> None:
        """A quotation ends with the first line that does not begin with ``>``."""
        goes_on = self.source.startswith(">", self.at + 1)
        if any(mark.style == "blockquote" for mark in self.stack) and not goes_on:
            self._end_quote()
            if any(mark.style == "blockquote" for mark in self.stack):
                self._fail_open(self.stack[-1])
        self._put("\n", 1)

    def _end_quote(self) -> None:
        """``||`` right at the end makes the quotation expandable."""
        if not self.stack:
            return
        style = "blockquote"
        last = self.stack[-1]
        if (
            last.style == "spoiler"
            and last.begin == self.at - 2
            and len(self.stack) > 1
        ):
            self.stack.pop()
            style = "expandable_blockquote"
        if self.stack[-1].style == "blockquote":
            self.stack[-1].style = style
            self._add(self.stack.pop())

    def _add(self, opened: OpenMark) -> None:
        if self.length > opened.offset:
            size = self.length - opened.offset
            entity = Entity(opened.style, opened.offset, size, dict(opened.extra))
            self.entities.append(entity)

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _fail_reserved(self) -> NoReturn:
        self._fail(
            f"Character '{self.source[self.at]}' is reserved and must be escaped "
            "with the preceding '\\'"
        )

    def _fail_open(self, opened: OpenMark) -> NoReturn:
        spoken = SPOKEN.get(opened.style, "BlockQuote")
        if opened.style == "pre" and "language" not in opened.extra:
            spoken = "Pre"
        self._fail(
            f"Can't find end of {spoken} entity at byte offset "
            f"{self._bytes(opened.begin)}"
        )

    def _fail(self, problem: str) -> NoReturn:
        raise bad_request(f"can't parse entities: {problem}")


def parse_markdown_v2(source: str) -> StyledText:
    return Reader(source).read()


LEGACY_ENDS = {"_": "_", "*": "*", "`": "`", "```": "```", "[": "]"}
LEGACY_TOKEN = re.compile(r"\\([_*`\[])|(```|[_*`\[])")


def parse_markdown(source: str) -> StyledText:
    """Legacy: no nesting, and escapes count outside of entities only."""
    text, at = "", 0
    entities: list[Entity] = []
    while match := LEGACY_TOKEN.search(source, at):
        text += source[at : match.start()]
        at = match.end()
        if match[1]:
            text += match[1]
            continue
        inner, extra, at = _legacy_inner(source, match)
        entity = Entity(MARKS[match[2]], utf16_length(text), utf16_length(inner), extra)
        text += inner
        if inner:
            entities.append(entity)
    return StyledText(text + source[at:], tuple(entities))


def _legacy_inner(
    source: str, opened: re.Match[str]
) -> tuple[str, dict[str, str], int]:
    mark, begin = opened[2], opened.end()
    extra: dict[str, str] = {}
    if mark == "```" and (language := LANGUAGE.match(source, begin)):
        extra, begin = (
            ({"language": language[1]} if language[1] else {}),
            language.end(),
        )
    end = source.find(LEGACY_ENDS[mark], begin)
    if end < 0:
        offset = len(source[: opened.start()].encode())
        raise bad_request(
            "can't parse entities: Can't find end of the entity starting at "
            f"byte offset {offset}"
        )
    inner, after = source[begin:end], end + len(LEGACY_ENDS[mark])
    if mark == "[":
        target = re.compile(r"\(([^)]*)\)").match(source, after)
        extra = {"url": target[1] if target else inner}
        after = target.end() if target else after
    return inner, extra, after
