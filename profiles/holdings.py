from __future__ import annotations

from django.db.models import Q

from core.holdings import Aged, Batches, Holding, Section
from profiles.models import (
    ClientRegistration,
    Concern,
    Connection,
    ConnectionEvent,
    Erasure,
    Journey,
    SocialProfile,
    SocialSet,
    UpdatesCursor,
)

_REVOKED = Q(connection__isnull=True) | Q(
    connection__sealed="", connection__farewell=""
)

HOLDINGS = (
    Holding(
        SocialSet,
        export=Section("social_sets", ("id", "group__name", "name", "created_at")),
        account="group__account",
        batches=Batches(200),
    ),
    Holding(
        SocialProfile,
        export=Section(
            "profiles",
            (
                "id",
                "group__name",
                "social_set__name",
                "platform",
                "external_id",
                "name",
                "handle",
                "kind",
                "role",
                "address",
                "picture_url",
                "created_at",
                "last_published_at",
                "removed_at",
            ),
        ),
        account="account",
        # The platform is told with it that our access ends.
        batches=Batches(50, ready=_REVOKED),
    ),
    Holding(
        Connection,
        export=Section(
            "connections",
            (
                "profile",
                "profile__name",
                "state",
                "cause",
                "method",
                "granted",
                "missing",
                "connected_at",
                "connected_by__name",
                "expires_at",
                "ends_at",
            ),
        ),
        account="profile__account",
        mentions=("connected_by",),
    ),
    Holding(
        ConnectionEvent,
        export=Section(
            "connection_history",
            (
                "connection__profile",
                "connection__profile__name",
                "at",
                "before",
                "after",
                "cause",
                "actor__name",
            ),
        ),
        account="connection__profile__account",
        mentions=("actor",),
        aged=Aged("at", in_order=True),
    ),
    Holding(
        Concern,
        export="Becomes notices, which are told.",
        account="account",
        aged=Aged("created_at", in_order=True),
    ),
    Holding(
        Journey,
        export="Sign-ins at platforms that aren't finished; gone within a week.",
        account="group__account",
        person=("user",),
        batches=Batches(200),
    ),
    Holding(ClientRegistration, export="The installation's own, one a server."),
    Holding(UpdatesCursor, export="The installation's own."),
    Holding(Erasure, export="Receipts, which name nobody."),
)
