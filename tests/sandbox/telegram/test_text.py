"""What people see: HTML, MarkdownV2 and entities, counted as Telegram counts."""

from __future__ import annotations

import pytest

from tests.sandbox.telegram.bot import CHANNEL

ENDS_LATE = (
    "entity beginning at UTF-16 offset 0 ends after the end of the text "
    "at UTF-16 offset 9"
)


def sent(bot, text, mode="", **more):
    """Text and (type, styled text) pairs of a message as it was stored."""
    message = bot.ok("sendMessage", chat_id=CHANNEL, text=text, parse_mode=mode, **more)
    units = message["text"].encode("utf-16-le")
    pairs = [
        (e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2])
        for e in message.get("entities", [])
    ]
    return message["text"], [(kind, part.decode("utf-16-le")) for kind, part in pairs]


def trouble(bot, text, mode):
    return bot.refused("sendMessage", chat_id=CHANNEL, text=text, parse_mode=mode)


def test_html_is_unescaped_once_and_offsets_count_utf16_units(bot):
    """Case 1: the visible text is stored, offsets are right after an emoji."""
    text, styles = sent(bot, "1 &lt; 2 &amp;amp; 👋 <b>hé</b>", "HTML")
    assert text == "1 < 2 &amp; 👋 hé"
    assert styles == [("bold", "hé")]


@pytest.mark.parametrize(
    ("tags", "style"),
    [
        ("b strong", "bold"),
        ("i em", "italic"),
        ("u ins", "underline"),
        ("s strike del", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
    ],
)
def test_html_tags_give_their_style(bot, tags, style):
    for tag in tags.split():
        assert sent(bot, f"a <{tag}>b</{tag}>", "HTML")[1] == [(style, "b")]


def test_html_attributes_are_read(bot):
    source = (
        '<a href="https://example.org?a=1&amp;b=2">x</a> <span class="tg-spoiler">y'
        "</span> <blockquote expandable>z</blockquote>"
    )
    message = bot.ok("sendMessage", chat_id=CHANNEL, text=source, parse_mode="html")
    link, spoiler, quote = message["entities"]
    assert link["url"] == "https://example.org/?a=1&b=2"
    assert (spoiler["type"], quote["type"]) == ("spoiler", "expandable_blockquote")


def test_a_code_block_keeps_its_language(bot):
    source = '<pre><code class="language-python">x = 1</code></pre>'
    message = bot.ok("sendMessage", chat_id=CHANNEL, text=source, parse_mode="HTML")
    entity = {"offset": 0, "length": 5, "type": "pre", "language": "python"}
    assert message["entities"] == [entity]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<x>a</x>", 'Unsupported start tag "x" at byte offset 0'),
        ("é < b", 'Unsupported start tag "" at byte offset 3'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        (
            "<b>x</i>",
            'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        ),
        (
            "<span>x</span>",
            'Tag "span" must have class "tg-spoiler" at byte offset 0',
        ),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href=a/b>", "Unexpected end of name token at byte offset 8"),
    ],
)
def test_html_mistakes_are_named_with_their_byte(bot, source, problem):
    words = trouble(bot, source, "HTML")
    assert words == f"400 Bad Request: can't parse entities: {problem}"


def test_markdown_v2_nests_and_escapes(bot):
    source = "*b _i_* __u__ ~s~ ||p|| `c` [l](http://x.org/\\)) 1\\.\n>quote\nend"
    text, styles = sent(bot, source, "MarkdownV2")
    assert text == "b i u s p c l 1.\nquote\nend"
    assert styles == [
        ("bold", "b i"),
        ("italic", "i"),
        ("underline", "u"),
        ("strikethrough", "s"),
        ("spoiler", "p"),
        ("code", "c"),
        ("text_link", "l"),
        ("blockquote", "quote"),
    ]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (
            "1.",
            "Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        ("é *a", "Can't find end of Bold entity at byte offset 3"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("[a](b", "Can't find end of a URL at byte offset 4"),
        ("```py\nx", "Can't find end of PreCode entity at byte offset 0"),
        ("![a](b)", "Invalid tg://emoji or tg://time URL specified"),
    ],
)
def test_markdown_v2_mistakes_are_named(bot, source, problem):
    words = trouble(bot, source, "MarkdownV2")
    assert words == f"400 Bad Request: can't parse entities: {problem}"


def test_legacy_markdown_does_not_nest(bot):
    text, styles = sent(bot, "*b* _i_ [t](u.org) ```py\nz``` \\_", "Markdown")
    assert text == "b i t z _"
    assert [kind for kind, _ in styles] == ["bold", "italic", "text_link", "pre"]
    words = trouble(bot, "a *b", "Markdown")
    assert words.endswith("Can't find end of the entity starting at byte offset 2")


def test_given_entities_style_the_text_and_are_split_where_they_cross(bot):
    entities = [
        {"type": "bold", "offset": 2, "length": 4},
        {"type": "italic", "offset": 4, "length": 4},
    ]
    styles = sent(bot, "👋abcdef", entities=entities)[1]
    assert styles == [("bold", "abcd"), ("italic", "cd"), ("italic", "ef")]


@pytest.mark.parametrize(
    ("offset", "length", "problem"),
    [
        (
            0,
            9,
            ENDS_LATE,
        ),
        (
            7,
            1,
            "entity begins after the end of the text at UTF-16 offset 7",
        ),
        (1, 2, "entity begins in a middle of a UTF-16 symbol"),
    ],
)
def test_entities_outside_of_the_text_are_refused(bot, offset, length, problem):
    entities = [{"type": "bold", "offset": offset, "length": length}]
    words = bot.refused("sendMessage", chat_id=CHANNEL, text="👋abc", entities=entities)
    assert words == f"400 Bad Request: {problem}"


def test_addresses_names_and_tags_are_found_in_plain_text(bot):
    text = "See https://a.example.org/x, test.com, @ada_news #fête #123 a@b.org /start"
    assert sent(bot, text)[1] == [
        ("url", "https://a.example.org/x"),
        ("url", "test.com"),
        ("mention", "@ada_news"),
        ("hashtag", "#fête"),
        ("email", "a@b.org"),
        ("bot_command", "/start"),
    ]


def test_nothing_is_found_inside_code_and_no_tag_is_read_without_a_mode(bot):
    assert sent(bot, "<code>#tag</code>", "HTML")[1] == [("code", "#tag")]
    assert sent(bot, "<b>x</b>") == ("<b>x</b>", [])


def test_edges_and_control_characters_are_cleaned_and_styles_follow(bot):
    assert sent(bot, "  \n a\r\tb <b>c</b>  ", "HTML") == ("a b c", [("bold", "c")])


def test_4096_code_points_pass_and_one_more_does_not(bot):
    """Case 2: counted after parsing, an emoji is one."""
    full = "👋" * 4096
    assert sent(bot, f"<b>{full}</b>", "HTML")[0] == full
    assert trouble(bot, full + "x", "") == "400 Bad Request: message is too long"


def test_raw_text_beyond_32768_bytes_is_refused_even_if_it_shrinks(bot):
    tags = "<b></b>" * 5000
    assert trouble(bot, tags + "a", "HTML") == "400 Bad Request: text is too long"


def test_empty_text_and_unknown_modes_are_refused(bot):
    assert trouble(bot, "", "") == "400 Bad Request: message text is empty"
    assert trouble(bot, " \n ", "") == "400 Bad Request: text must be non-empty"
    assert trouble(bot, "a", "BBCode") == "400 Bad Request: unsupported parse_mode"


def test_at_most_100_entities_take_effect(bot):
    source = "".join(f"<b>{number}</b> " for number in range(120))
    assert len(sent(bot, source, "HTML")[1]) == 100


def test_links_without_a_host_are_plain_text(bot):
    assert sent(bot, '<a href="nothing">x</a>', "HTML") == ("x", [])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&#128075; &#x1F44B;", "👋 👋"),
        ("&lt&gt &amp;", "<> &"),
        ("&nbsp; &ltx; &#0; &#x110000;", "&nbsp; &ltx; &#0; &#x110000;"),
    ],
)
def test_character_references(bot, source, text):
    assert sent(bot, source, "HTML")[0] == text


def test_an_attribute_without_quotes_is_a_name_token(bot):
    message = bot.ok(
        "sendMessage",
        chat_id=CHANNEL,
        text="<a href=example.org>x</a>",
        parse_mode="HTML",
    )
    assert message["entities"][0]["url"] == "http://example.org/"
    for source in ("<a href", "<a href ", "<a href="):
        words = trouble(bot, source, "HTML")
        assert words.endswith('Unclosed start tag "a" at byte offset 0')


def test_custom_emoji_need_a_number(bot):
    source = '<tg-emoji emoji-id="{}">👍</tg-emoji>'
    good = bot.ok(
        "sendMessage", chat_id=CHANNEL, text=source.format("53"), parse_mode="HTML"
    )
    assert good["entities"][0]["custom_emoji_id"] == "53"
    words = trouble(bot, source.format("x"), "HTML")
    assert words == "400 Bad Request: invalid custom emoji identifier specified"
    marked = bot.ok(
        "sendMessage",
        chat_id=CHANNEL,
        text="![👍](tg://emoji?id=53)",
        parse_mode="MarkdownV2",
    )
    assert marked["entities"][0]["custom_emoji_id"] == "53"
    assert "must contain a tg://emoji" in trouble(bot, "![👍]", "MarkdownV2")


def test_two_bars_at_the_end_make_a_quotation_expandable(bot):
    assert sent(bot, ">one\n>two||", "MarkdownV2") == (
        "one\ntwo",
        [("expandable_blockquote", "one\ntwo")],
    )
    assert sent(bot, ">one||\nend", "MarkdownV2")[1] == [
        ("expandable_blockquote", "one")
    ]
    words = trouble(bot, ">*one\nend", "MarkdownV2")
    assert words.endswith("Can't find end of Bold entity at byte offset 1")


def test_an_underline_inside_of_an_italic(bot):
    assert sent(bot, "_a __b__ c_", "MarkdownV2")[1] == [
        ("italic", "a b c"),
        ("underline", "b"),
    ]
    assert sent(bot, "`` `a` ```\nb```", "MarkdownV2")[1] == [
        ("code", "a"),
        ("pre", "b"),
    ]
    words = trouble(bot, "```x", "MarkdownV2")
    assert "Can't find end of Pre" in words


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ("bold", "expected an Object"),
        ({"type": "bold"}, 'Field "offset" must be a Number'),
        ({"type": "blink", "offset": 0, "length": 1}, "Unsupported type specified"),
    ],
)
def test_entities_that_cannot_be_read(bot, entity, reason):
    words = bot.refused("sendMessage", chat_id=CHANNEL, text="abc", entities=[entity])
    assert words == f"400 Bad Request: can't parse MessageEntity: {reason}"


def test_an_entity_may_not_end_inside_of_a_character(bot):
    entities = [{"type": "bold", "offset": 0, "length": 2}]
    words = bot.refused("sendMessage", chat_id=CHANNEL, text="a👋", entities=entities)
    assert words.endswith("offset 0 ends in a middle of a UTF-16 symbol")


def test_what_the_server_finds_itself_is_ignored_when_it_is_given(bot):
    given = [{"type": "hashtag", "offset": 0, "length": 1}]
    assert sent(bot, "abc", entities=given)[1] == []


def test_links_into_the_app_stay_as_they_are(bot):
    message = bot.ok(
        "sendMessage",
        chat_id=CHANNEL,
        text='<a href="tg://resolve?domain=x">x</a>',
        parse_mode="HTML",
    )
    assert message["entities"][0]["url"] == "tg://resolve?domain=x"
