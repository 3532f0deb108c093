"""The lexicons this server knows (2026-08), as far as posts need them."""

from __future__ import annotations

from sandbox.bluesky.lexicon import File, Items, OneOf, Shape, Spec, Text, Whole

IMAGE_BYTES = 2_000_000
OLD_IMAGE_BYTES = 1_000_000
THUMB_BYTES = 1_000_000
VIDEO_BYTES = 300_000_000
CAPTION_BYTES = 20_000
AVATAR_BYTES = 1_000_000

AT_URI = Text(format="at-uri")
DATETIME = Text(format="datetime")
STRONG_REF = Shape({"uri": AT_URI, "cid": Text(format="cid")})
RATIO = Shape({"width": Whole(1), "height": Whole(1)})
ALT = Text()


def image_list(image_bytes: int) -> Spec:
    file = File(("image/*",), image_bytes)
    fields: dict[str, Spec] = {"image": file, "alt": ALT, "aspectRatio": RATIO}
    item = Shape(fields, frozenset({"aspectRatio"}))
    return Shape({"images": Items(item, 4)})


def gallery(image_bytes: int) -> Spec:
    file = File(("image/*",), image_bytes)
    item = Shape({"image": file, "alt": ALT, "aspectRatio": RATIO})
    known: dict[str, Spec] = {"app.bsky.embed.gallery#image": item}
    return Shape({"items": Items(OneOf(lambda: known), 20)})


EXTERNAL = Shape(
    {
        "external": Shape(
            {
                "uri": Text(format="uri"),
                "title": Text(),
                "description": Text(),
                "thumb": File(("image/*",), THUMB_BYTES),
            },
            frozenset({"thumb"}),
        )
    }
)
CAPTION = Shape(
    {"lang": Text(format="language"), "file": File(("text/vtt",), CAPTION_BYTES)}
)
VIDEO = Shape(
    {
        "video": File(("video/mp4",), VIDEO_BYTES),
        "captions": Items(CAPTION, 20),
        "alt": Text(max_bytes=10_000, max_graphemes=1000),
        "aspectRatio": RATIO,
        "presentation": Text(),
    },
    frozenset({"captions", "alt", "aspectRatio", "presentation"}),
)
QUOTE = Shape({"record": STRONG_REF})


def media(image_bytes: int) -> dict[str, Spec]:
    return {
        "app.bsky.embed.images": image_list(image_bytes),
        "app.bsky.embed.gallery": gallery(image_bytes),
        "app.bsky.embed.video": VIDEO,
        "app.bsky.embed.external": EXTERNAL,
    }


def embeds(image_bytes: int) -> dict[str, Spec]:
    with_media = Shape({"record": QUOTE, "media": OneOf(lambda: media(image_bytes))})
    return media(image_bytes) | {
        "app.bsky.embed.record": QUOTE,
        "app.bsky.embed.recordWithMedia": with_media,
    }


TAG = Text(max_bytes=640, max_graphemes=64)
FEATURES: dict[str, Spec] = {
    "app.bsky.richtext.facet#mention": Shape({"did": Text(format="did")}),
    "app.bsky.richtext.facet#link": Shape({"uri": Text(format="uri")}),
    "app.bsky.richtext.facet#tag": Shape({"tag": TAG}),
}
FACET = Shape(
    {
        "index": Shape({"byteStart": Whole(), "byteEnd": Whole()}),
        "features": Items(OneOf(lambda: FEATURES)),
    }
)
SELF_LABELS: dict[str, Spec] = {
    "com.atproto.label.defs#selfLabels": Shape(
        {"values": Items(Shape({"val": Text(max_bytes=128)}), 10)}
    )
}


def post(image_bytes: int) -> Shape:
    return Shape(
        {
            "text": Text(max_bytes=3000, max_graphemes=300),
            "facets": Items(FACET),
            "reply": Shape({"root": STRONG_REF, "parent": STRONG_REF}),
            "embed": OneOf(lambda: embeds(image_bytes)),
            "langs": Items(Text(format="language"), 3),
            "labels": OneOf(lambda: SELF_LABELS),
            "tags": Items(TAG, 8),
            "createdAt": DATETIME,
        },
        frozenset({"facets", "reply", "embed", "langs", "labels", "tags"}),
    )


LIST_RULE: dict[str, Spec] = {
    "app.bsky.feed.threadgate#listRule": Shape({"list": AT_URI})
}
THREADGATE = Shape(
    {
        "post": AT_URI,
        "allow": Items(OneOf(lambda: LIST_RULE), 5),
        "createdAt": DATETIME,
        "hiddenReplies": Items(AT_URI, 300),
    },
    frozenset({"allow", "hiddenReplies"}),
)
# Rules that are named by their $type alone.
NO_FIELDS: dict[str, Spec] = {}
POSTGATE = Shape(
    {
        "createdAt": DATETIME,
        "post": AT_URI,
        "detachedEmbeddingUris": Items(AT_URI, 50),
        "embeddingRules": Items(OneOf(lambda: NO_FIELDS), 5),
    },
    frozenset({"detachedEmbeddingUris", "embeddingRules"}),
)
PROFILE_FIELDS: dict[str, Spec] = {
    "displayName": Text(max_bytes=640, max_graphemes=64),
    "description": Text(max_bytes=2560, max_graphemes=256),
    "avatar": File(("image/png", "image/jpeg"), AVATAR_BYTES),
    "labels": OneOf(lambda: SELF_LABELS),
}
PROFILE = Shape(PROFILE_FIELDS, frozenset(PROFILE_FIELDS))
# How a record is named in each collection.
KEYS = {
    "app.bsky.feed.post": "tid",
    "app.bsky.feed.threadgate": "tid",
    "app.bsky.feed.postgate": "tid",
    "app.bsky.actor.profile": "self",
}


def schema_of(collection: str, image_bytes: int) -> Shape | None:
    known = {
        "app.bsky.feed.threadgate": THREADGATE,
        "app.bsky.feed.postgate": POSTGATE,
        "app.bsky.actor.profile": PROFILE,
    }
    if collection == "app.bsky.feed.post":
        return post(image_bytes)
    return known.get(collection)
