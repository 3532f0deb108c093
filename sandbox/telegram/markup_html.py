"""``parse_mode=HTML``: the few tags Telegram knows, and its refusals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from sandbox.telegram.entities import Entity, StyledText, utf16_length
from sandbox.telegram.errors import bad_request

STYLE_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "blockquote": "blockquote",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
REFERENCE = re.compile(
    r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?"
)
TAG_NAME = re.compile(r"[^\s>]*")
END_NAME = re.compile(r"([^\s>]*)\s*")
ATTRIBUTE = re.compile(r"\s*([^\s=>/\"']*)\s*(=?)\s*")
NAME_TOKEN = re.compile(r"[a-zA-Z0-9.-]*")
LAST_CODE_POINT = 0x10FFFE


@dataclass
class OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int
    text_start: int


@dataclass
class Reader:
    """Walks the source once; ``text`` grows as the visible characters appear."""

    source: str
    at: int = 0
    text: str = ""
    length: int = 0
    open_tags: list[OpenTag] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> StyledText:
        while self.at < len(self.source):
            self._step()
        if self.open_tags:
            name = self.open_tags[-1].name
            self._fail(f'Can\'t find end tag corresponding to start tag "{name}"')
        return StyledText(self.text, tuple(self.entities))

    def _step(self) -> None:
        if self.source[self.at] != "<":
            character, self.at = take_character(self.source, self.at)
            self.text += character
            self.length += utf16_length(character)
        elif self.source.startswith("</", self.at):
            self._close_tag()
        else:
            self._open_tag()

    def _open_tag(self) -> None:
        begin = self.at
        match = TAG_NAME.match(self.source, begin + 1)
        assert match is not None
        self.at = match.end()
        if self.at == len(self.source):
            self._fail_at("Unclosed start tag", begin)
        name = match.group().lower()
        if name not in STYLE_OF_TAG:
            self._fail_at(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._fail_at('Tag "span" must have class "tg-spoiler"', begin)
        self.open_tags.append(OpenTag(name, attributes, self.length, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        self._skip_spaces()
        while not self.source.startswith(">", self.at):
            match = ATTRIBUTE.match(self.source, self.at)
            assert match is not None
            if not match[1]:
                self._fail_at(f'Empty attribute name in the tag "{tag}"', begin)
            self.at = match.end()
            if self.at == len(self.source):
                self._fail_at(f'Unclosed start tag "{tag}"', begin)
            found[match[1]] = self._value(begin) if match[2] else "1"
            self._skip_spaces()
        self.at += 1
        return found

    def _value(self, begin: int) -> str:
        quote = self.source[self.at]
        value = self._quoted(quote) if quote in "\"'" else self._name_token()
        if self.at >= len(self.source):
            self._fail_at("Unclosed start tag", begin)
        return value

    def _quoted(self, quote: str) -> str:
        value = ""
        self.at += 1
        while self.at < len(self.source) and self.source[self.at] != quote:
            character, self.at = take_character(self.source, self.at)
            value += character
        self.at += 1
        return value

    def _name_token(self) -> str:
        match = NAME_TOKEN.match(self.source, self.at)
        assert match is not None
        after = self.source[match.end() : match.end() + 1]
        if after != ">" and not after.isspace():
            self._fail_at("Unexpected end of name token", self.at)
        self.at = match.end()
        return match.group().lower()

    def _close_tag(self) -> None:
        begin = self.at
        if not self.open_tags:
            self._fail_at("Unexpected end tag", begin)
        match = END_NAME.match(self.source, begin + 2)
        assert match is not None
        self.at = match.end()
        if not self.source.startswith(">", self.at):
            self._fail_at("Unclosed end tag", begin)
        self.at += 1
        tag, name = self.open_tags.pop(), match[1].lower()
        if name and name != tag.name:
            self._fail(
                f"Unmatched end tag at byte offset {self._bytes(begin)}, "
                f'expected "</{tag.name}>", found "</{name}>"'
            )
        if self.length > tag.offset:
            self._add(tag)

    def _add(self, tag: OpenTag) -> None:
        kind, extra = STYLE_OF_TAG[tag.name], {}
        if kind == "text_link":
            extra = {"url": tag.attributes.get("href") or self.text[tag.text_start :]}
        elif kind == "custom_emoji":
            extra = {"custom_emoji_id": self._emoji_id(tag)}
        elif kind == "blockquote" and "expandable" in tag.attributes:
            kind = "expandable_blockquote"
        entity = Entity(kind, tag.offset, self.length - tag.offset, extra)
        self.entities.append(entity)
        if kind in ("code", "pre"):
            self._join_code(tag, entity)

    def _emoji_id(self, tag: OpenTag) -> str:
        identifier = tag.attributes.get("emoji-id", "")
        if not identifier.isdigit() or int(identifier) == 0:
            raise bad_request("Invalid custom emoji identifier specified")
        return identifier

    def _join_code(self, tag: OpenTag, entity: Entity) -> None:
        """``<pre><code class="language-x">`` is one block with a language."""
        language = tag.attributes.get("class", "").removeprefix("language-")
        if tag.name == "code" and language != tag.attributes.get("class", ""):
            entity.extra["language"] = language
        inner = self.entities[-2] if len(self.entities) > 1 else None
        if entity.type != "pre" or inner is None or inner.type != "code":
            return
        if (inner.offset, inner.length) == (entity.offset, entity.length):
            self.entities.pop(-2)
            entity.extra.update(inner.extra)

    def _skip_spaces(self) -> None:
        while self.source[self.at : self.at + 1].isspace():
            self.at += 1

    def _bytes(self, index: int) -> int:
        return len(self.source[:index].encode())

    def _fail_at(self, problem: str, index: int) -> NoReturn:
        self._fail(f"{problem} at byte offset {self._bytes(index)}")

    def _fail(self, problem: str) -> NoReturn:
        raise bad_request(f"can't parse entities: {problem}")


def take_character(source: str, at: int) -> tuple[str, int]:
    """The visible character at ``at`` and where the next one begins."""
    match = REFERENCE.match(source, at) if source[at] == "&" else None
    if match is None:
        return source[at], at + 1
    if match[3]:
        return NAMED[match[3]], match.end()
    number = int(match[1], 16) if match[1] else int(match[2])
    if not 0 < number <= LAST_CODE_POINT:
        return source[at], at + 1
    return chr(number), match.end()


def parse_html(source: str) -> StyledText:
    styled = Reader(source).read()
    # A language belongs to a block only; inline code forgets it.
    for entity in styled.entities:
        if entity.type == "code":
            entity.extra.pop("language", None)
    return styled
