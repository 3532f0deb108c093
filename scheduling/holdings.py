from __future__ import annotations

from core.holdings import Aged, Batches, Holding, Section
from scheduling.models import Post, PostEvent, PostMedia, Stop, Target

HOLDINGS = (
    Holding(
        Stop,
        export=Section(
            "stops",
            (
                "group__name",
                "profile__name",
                "reason",
                "set_by__name",
                "set_at",
                "until",
                "plan",
                "lifted_at",
                "lifted_by__name",
            ),
        ),
        account="account",
        mentions=("set_by", "lifted_by"),
    ),
    Holding(
        Post,
        export=Section(
            "posts",
            (
                "id",
                "group__name",
                "author__name",
                "text",
                "scheduled_at",
                "wall_at",
                "zone",
                "late_rule",
                "late_min",
                "created_at",
                "edited_at",
                "deleted_at",
            ),
        ),
        account="group__account",
        mentions=("author",),
        batches=Batches(200),
        aged=Aged("deleted_at"),
    ),
    Holding(
        PostMedia,
        export=Section("post_media", ("post", "position", "item", "item__name")),
        account="post__group__account",
    ),
    Holding(
        Target,
        export=Section(
            "targets",
            (
                "id",
                "post",
                "profile",
                "profile__platform",
                "profile__name",
                "kind",
                "text",
                "options",
                "media_ids",
                "publish_by",
                "state",
                "due_at",
                "published_at",
                "remote_id",
                "permalink",
                "parts_out",
                "reason_code",
                "reason",
            ),
        ),
        account="post__group__account",
    ),
    Holding(
        PostEvent,
        export=Section(
            "post_history", ("post", "target", "at", "actor__name", "kind", "text")
        ),
        account="post__group__account",
        mentions=("actor",),
    ),
)
