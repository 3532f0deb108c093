"""Strict on what the schema says, and on nothing else, in the server's own words."""

from __future__ import annotations

import pytest

from tests.sandbox.bluesky.atproto import POST, good, record, trouble
from tests.support.files import small_jpeg

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
PREFIX = f"400 InvalidRequest: Invalid {POST} record: "
NO_TYPE = (
    'Expected an object which includes the "$type" property value type '
    '(got {"x": ...}) at $.record.embed'
)
FIRST_BYTE = "$.record.facets[0].index.byteStart"
LINK = "app.bsky.richtext.facet#link"
MENTION = "app.bsky.richtext.facet#mention"


def facet(start, end, **feature):
    index = {"byteStart": start, "byteEnd": end}
    return {"index": index, "features": [feature]}


def test_the_sample_text_with_its_facets(maya):
    """Case 1: offsets are bytes."""
    text = "Hi 👋 @ada.example.org see https://example.org #fête"
    tag = {"$type": "app.bsky.richtext.facet#tag", "tag": "fête"}
    facets = [
        facet(8, 24, **{"$type": MENTION, "did": maya.did}),
        facet(29, 48, **{"$type": LINK, "uri": "https://example.org"}),
        facet(49, 55, **tag),
    ]
    assert good(maya.create(text, facets=facets))["validationStatus"] == "valid"


def test_300_graphemes_pass_and_301_do_not(maya):
    good(maya.create("é" * 300))
    good(maya.create("e\u0301" * 300))
    words = PREFIX + "grapheme too big (maximum 300, got 301) at $.record.text"
    assert trouble(maya.create("x" * 301)) == words


def test_bytes_are_counted_too(maya):
    """Case 2: 300 families are 300 graphemes, and 7,500 bytes."""
    words = PREFIX + "string too big (maximum 3000, got 7500) at $.record.text"
    assert trouble(maya.create(FAMILY * 300)) == words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"createdAt": "yesterday"},
            'Invalid datetime (got "yesterday") at $.record.createdAt',
        ),
        ({"text": 5}, "Expected string value type (got 5) at $.record.text"),
        ({"langs": ["a"] * 4}, "array too big (maximum 3, got 4) at $.record.langs"),
        (
            {"langs": ["not a lang!"]},
            'Invalid language (got "not a lang!") at $.record.langs[0]',
        ),
        ({"tags": ["a"] * 9}, "array too big (maximum 8, got 9) at $.record.tags"),
        (
            {"facets": [{"features": []}]},
            'Missing required key "index" at $.record.facets[0]',
        ),
        (
            {"facets": [facet(0, 1, **{"$type": LINK, "uri": "nope"})]},
            'Invalid uri (got "nope") at $.record.facets[0].features[0].uri',
        ),
        (
            {"facets": [facet(0, 1, **{"$type": MENTION, "did": "nope"})]},
            'Invalid DID (got "nope") at $.record.facets[0].features[0].did',
        ),
        (
            {"reply": {"root": {"uri": "at://x", "cid": "y"}}},
            'Invalid at-uri (got "at://x") at $.record.reply.root.uri',
        ),
        (
            {"embed": {"x": 1}},
            NO_TYPE,
        ),
        (
            {
                "labels": {
                    "$type": "com.atproto.label.defs#selfLabels",
                    "values": [{"val": "porn"}] * 11,
                }
            },
            "array too big (maximum 10, got 11) at $.record.labels.values",
        ),
    ],
)
def test_a_field_that_is_wrong_is_named_with_its_place(maya, fields, words):
    body = {**record("x"), **fields}
    assert trouble(maya.write("createRecord", record=body)) == PREFIX + words


def test_a_missing_field_is_named(maya):
    body = {"$type": POST, "text": "x"}
    words = PREFIX + 'Missing required key "createdAt" at $.record'
    assert trouble(maya.write("createRecord", record=body)) == words


def test_ranges_parents_dates_and_unknown_fields_are_not_looked_at(maya):
    """Bad offsets make broken posts, not errors."""
    link = {"$type": LINK, "uri": "https://x.org"}
    gone = {"uri": f"at://{maya.did}/{POST}/3n2u5hgbu222b"}
    gone["cid"] = "bafyreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
    for fields in (
        {"facets": [facet(100, 900, **link)]},
        {"reply": {"root": gone, "parent": gone}},
        {"createdAt": "2099-01-01T00:00:00Z"},
        {"unheardOf": 1},
        {"embed": {"$type": "app.bsky.embed.unheardOf", "x": 1}},
    ):
        body = {**record("x"), **fields}
        good(maya.write("createRecord", record=body))


def test_the_type_must_be_the_collections(maya):
    body = {**record(), "$type": "app.bsky.feed.like"}
    words = (
        f"400 InvalidRequest: Invalid $type: expected {POST}, got app.bsky.feed.like"
    )
    assert trouble(maya.write("createRecord", record=body)) == words
    del body["$type"]
    good(maya.write("createRecord", record=body))


def test_unknown_lexicons_pass_unless_a_check_is_wanted(maya):
    thing = {"$type": "org.example.thing", "a": 1}
    wish = {"collection": "org.example.thing", "record": thing}
    assert good(maya.write("createRecord", **wish))["validationStatus"] == "unknown"
    answer = maya.write("createRecord", **wish, validate=True)
    words = "400 InvalidRequest: Unknown lexicon type: org.example.thing"
    assert trouble(answer) == words


def test_the_check_can_be_turned_off(maya):
    body = record("x" * 400)
    answer = good(maya.write("createRecord", record=body, validate=False))
    assert "validationStatus" not in answer


def test_floats_cannot_be_stored(maya):
    assert "value type (got 1.5)" in trouble(maya.create("x", ratio=1.5))


def images(*items):
    return {"embed": {"$type": "app.bsky.embed.images", "images": list(items)}}


def trouble_with(maya, **fields):
    words = trouble(maya.create("x", **fields))
    assert words.startswith(PREFIX)
    return words.removeprefix(PREFIX)


def test_alt_text_is_required_but_may_be_empty(maya):
    blob = maya.blob(small_jpeg())
    good(maya.create("x", **images({"image": blob, "alt": ""})))
    place = "$.record.embed.images[0]"
    missing = trouble_with(maya, **images({"image": blob}))
    assert missing == f'Missing required key "alt" at {place}'


def test_four_images_at_most_and_ratios_from_one(maya):
    item = {"image": maya.blob(small_jpeg()), "alt": "a"}
    many = trouble_with(maya, **images(*[item] * 5))
    assert many == "array too big (maximum 4, got 5) at $.record.embed.images"
    flat = {**item, "aspectRatio": {"width": 0, "height": 2}}
    place = "$.record.embed.images[0].aspectRatio.width"
    words = f"integer too small (minimum 1, got 0) at {place}"
    assert trouble_with(maya, **images(flat)) == words


@pytest.mark.parametrize(("setting", "limit"), [(2_000_000, 2_000_000), (10**6, 10**6)])
def test_images_have_a_limit_that_older_servers_set_lower(
    maya, sandbox, setting, limit
):
    sandbox.set(**{"bluesky.image_bytes": setting})
    large = maya.blob(small_jpeg() + b"\0" * limit)
    words = trouble_with(maya, **images({"image": large, "alt": ""}))
    assert words.startswith(f"blob too big (maximum {limit}, got {large['size']})")


def test_a_blob_must_be_of_the_kind_the_place_takes(maya):
    blob = maya.blob(small_jpeg())
    claimed = {**blob, "mimeType": "video/mp4"}
    wrong = trouble_with(maya, **images({"image": claimed, "alt": ""}))
    assert wrong.startswith('Expected "image/*" (got "video/mp4")')
    film = {"embed": {"$type": "app.bsky.embed.video", "video": blob}}
    assert trouble_with(maya, **film).startswith('Expected "video/mp4"')
    fake = {**blob, "ref": {"$link": "bafkreifake"}}
    no_blob = trouble_with(maya, **images({"image": fake, "alt": ""}))
    assert no_blob.startswith("Expected blob value type (got {")


def test_link_cards_need_title_and_description(maya):
    """Case 10: the picture is optional, up to a million bytes."""

    def card(**more):
        external = {"uri": "https://x.org", "title": "", "description": "", **more}
        return {"embed": {"$type": "app.bsky.embed.external", "external": external}}

    good(maya.create("x", **card()))
    good(maya.create("x", **card(thumb=maya.blob(small_jpeg()))))
    heavy = maya.blob(small_jpeg() + b"\0" * 10**6)
    assert "maximum 1000000" in trouble_with(maya, **card(thumb=heavy))
    assert trouble_with(maya, **card(uri="x")).startswith('Invalid uri (got "x")')
    bare = card()
    del bare["embed"]["external"]["description"]
    assert trouble_with(maya, **bare).startswith('Missing required key "description"')


def test_quotes_galleries_and_quotes_with_media(maya):
    made = good(maya.create("quoted"))
    quote = {
        "$type": "app.bsky.embed.record",
        "record": {"uri": made["uri"], "cid": made["cid"]},
    }
    image = {"image": maya.blob(small_jpeg()), "alt": ""}
    pictures = {"$type": "app.bsky.embed.images", "images": [image]}
    ratio = {"aspectRatio": {"width": 1, "height": 1}}
    item = {"$type": "app.bsky.embed.gallery#image", **image, **ratio}
    both = {"$type": "app.bsky.embed.recordWithMedia", "record": quote}
    for embed in (
        quote,
        {**both, "media": pictures},
        {"$type": "app.bsky.embed.gallery", "items": [item] * 6},
    ):
        good(maya.create("x", embed=embed))
    bad = {**both, "media": {**pictures, "images": [{"image": image["image"]}]}}
    assert 'Missing required key "alt"' in trouble_with(maya, embed=bad)


def test_threadgates_have_at_most_five_rules(maya):
    kind = "app.bsky.feed.threadgate"
    rule = {"$type": f"{kind}#mentionRule"}
    gate = {
        "$type": kind,
        "post": f"at://{maya.did}/{POST}/3n2u5hgbu222b",
        "createdAt": "2026-11-21T22:26:40.000Z",
        "allow": [rule] * 6,
    }
    answer = maya.write("createRecord", collection=kind, record=gate)
    assert "array too big (maximum 5, got 6) at $.record.allow" in trouble(answer)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"langs": "en"}, 'Expected array value type (got "en") at $.record.langs'),
        ({"reply": 5}, "Expected object value type (got 5) at $.record.reply"),
        (
            {"facets": [facet("a", 1)]},
            f'Expected integer value type (got "a") at {FIRST_BYTE}',
        ),
    ],
)
def test_values_of_the_wrong_type(maya, fields, words):
    assert trouble_with(maya, **fields) == words


def test_a_profile_is_called_self(maya):
    kind = "app.bsky.actor.profile"
    wish = {"collection": kind, "record": {"$type": kind, "displayName": "Maya"}}
    good(maya.write("putRecord", rkey="self", **wish))
    words = trouble(maya.write("putRecord", rkey="other", **wish))
    assert f"Invalid record key for {kind}" in words
    odd = {"collection": "odd", "rkey": "x", "record": {}}
    assert "Invalid NSID" in trouble(maya.write("putRecord", **odd))
