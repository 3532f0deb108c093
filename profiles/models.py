"""Social Sets, the profiles in their slots, and the connections of those."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import AccessGroup, Account
from core import clock
from core.crypto import Tampered
from core.tenancy import TenantQuerySet
from platforms.types import Profile as PlatformProfile
from platforms.types import Token

# Django finds models by this module.
from profiles.client_registration import ClientRegistration as ClientRegistration
from profiles.concerns import Concern as Concern
from profiles.erasure import Erasure as Erasure
from profiles.errors import JourneyRefused
from profiles.states import FIRST_WARNING, USABLE, ConnectionState

UNREADABLE = "This sign-in can't be read any more. Please start again."


class SocialSetQuerySet(TenantQuerySet["SocialSet"]):
    pass


class SocialSet(models.Model):
    """One slot per platform (R-B2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="social_sets"
    )
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SocialSetQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name


class SocialProfileQuerySet(TenantQuerySet["SocialProfile"]):
    def active(self) -> SocialProfileQuerySet:
        return self.filter(removed_at=None)


class SocialProfile(models.Model):
    """An identity on a platform. `platform` is a registry key; `data` the adapter's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="profiles"
    )
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="profiles"
    )
    social_set = models.ForeignKey(
        SocialSet, on_delete=models.PROTECT, related_name="profiles"
    )
    platform = models.CharField(max_length=32)
    external_id = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    handle = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=32, blank=True)
    role = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=255, blank=True)
    picture_url = models.URLField(max_length=2_000, blank=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_published_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SocialProfileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["platform", Lower("name"), "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["social_set", "platform"],
                condition=Q(removed_at=None),
                name="one_profile_a_slot",
            ),
            # R-B6: an identity is connected to one account at a time, in one set.
            models.UniqueConstraint(
                fields=["platform", "external_id"],
                condition=Q(removed_at=None),
                name="one_place_an_identity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.platform})"

    @property
    def label(self) -> str:
        return f"@{self.handle}" if self.handle else self.name

    def for_platform(self) -> PlatformProfile:
        return PlatformProfile(self.external_id, self.handle, self.kind, self.data)


class Connection(models.Model):
    """The right to act for a profile. The token stands in `sealed` only (R-D2).

    `version` rises with each new token: who refreshed from an older one has lost.
    `farewell` holds the token of a removed profile until the platform revoked it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.OneToOneField(
        SocialProfile, on_delete=models.CASCADE, related_name="connection"
    )
    state = models.CharField(
        max_length=24,
        choices=ConnectionState.choices,
        default=ConnectionState.DISCONNECTED,
    )
    cause = models.CharField(max_length=300, blank=True)
    method = models.CharField(max_length=32)
    granted = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    sealed = models.TextField(blank=True)
    farewell = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    # When the access token ends, and when a person must sign in again at the latest:
    # a refresh token outlives the access token, and most platforms don't say by how
    # much (None).
    expires_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    refresh_at = models.DateTimeField(null=True, blank=True)
    refresh_failures = models.PositiveSmallIntegerField(default=0)
    refresh_owner = models.UUIDField(null=True, blank=True)
    refresh_lease_until = models.DateTimeField(null=True, blank=True)
    # When the renewal was asked whose answer is still missing: it may be lost.
    renewal_asked_at = models.DateTimeField(null=True, blank=True)
    # When its end is looked at next: a warning is due, or it has come.
    warn_at = models.DateTimeField(null=True, blank=True)
    # Set once Auto Publish was turned on; a later sign-in doesn't ask again (R-C9).
    auto_publish_at = models.DateTimeField(null=True, blank=True)
    # Connections of one sign-in share its token, so they share this id.
    grant_id = models.UUIDField(null=True, blank=True)
    # Who gave the right, in the platform's terms; known for chat methods only.
    person_id = models.CharField(max_length=64, blank=True)
    connected_at = models.DateTimeField(null=True, blank=True)
    connected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [
            # profiles.actions.refresh_due: connections to refresh now
            models.Index(
                fields=["refresh_at"],
                condition=Q(refresh_at__isnull=False),
                name="connection_refresh_due",
            ),
            # profiles.actions.expiry: those whose end comes near, or has come
            models.Index(
                fields=["warn_at"],
                condition=Q(warn_at__isnull=False),
                name="connection_warn",
            ),
            # profiles.actions.remove: tokens that wait for their revocation
            models.Index(
                fields=["id"], condition=~Q(farewell=""), name="connection_farewell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile}: {self.get_state_display()}"

    @property
    def aad(self) -> str:
        return f"profiles.connection:{self.pk}:sealed"

    @property
    def farewell_aad(self) -> str:
        return f"profiles.connection:{self.pk}:farewell"

    @property
    def usable(self) -> bool:
        return self.state in USABLE

    def seal(self, token: Token) -> None:
        self.sealed = settings.TOKEN_KEYS.seal(dump_token(token), self.aad)
        self.version += 1
        self.renewal_asked_at = None
        self.expires_at = token.expires_at
        self.end_on(token.ends_at if token.refresh else token.expires_at)

    def end_on(self, ends_at: datetime | None) -> None:
        self.ends_at = ends_at
        self.warn_at = ends_at - FIRST_WARNING if ends_at else None

    def token(self) -> Token:
        """Decrypted for the moment of a call. Raises core.crypto.Tampered."""
        return load_token(settings.TOKEN_KEYS.unseal(self.sealed, self.aad))

    def seal_farewell(self) -> None:
        """Keep the token for its revocation only; nothing else can use it any more."""
        self.farewell = settings.TOKEN_KEYS.seal(
            dump_token(self.token()), self.farewell_aad
        )
        self.sealed = ""

    def farewell_token(self) -> Token:
        """Raises core.crypto.Tampered."""
        return load_token(settings.TOKEN_KEYS.unseal(self.farewell, self.farewell_aad))


class ConnectionEvent(models.Model):
    """History of a connection in plain words; only ever added to."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField(default=clock.now)
    before = models.CharField(max_length=24, blank=True)
    after = models.CharField(max_length=24)
    cause = models.CharField(max_length=300)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.cause}"


class JourneyQuerySet(TenantQuerySet["Journey"]):
    def open(self) -> JourneyQuerySet:
        return self.filter(finished_at=None, expires_at__gt=clock.now())

    def waiting_in_chat(self) -> JourneyQuerySet:
        return self.open().exclude(code_hash="")


class Journey(models.Model):
    """A connecting that isn't finished: bound to a browser session, used once.

    `state_hash` and `code_hash` are SHA-256 of the OAuth state and of the code shown
    to a bot; `sealed` holds verifier, keys and, until identities are picked, tokens.
    `results` tells what became of each picked identity; nothing in it is secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    group = models.ForeignKey(AccessGroup, on_delete=models.CASCADE, related_name="+")
    social_set = models.ForeignKey(
        SocialSet, on_delete=models.CASCADE, related_name="+"
    )
    # Set when a slot's own profile signs in again; then no other identity will do.
    profile = models.ForeignKey(
        SocialProfile, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    platform = models.CharField(max_length=32)
    method = models.CharField(max_length=32)
    again = models.BooleanField(default=False)
    state_hash = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    person_id = models.CharField(max_length=64, blank=True)
    person_name = models.CharField(max_length=255, blank=True)
    return_to = models.CharField(max_length=300, blank=True)
    results = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # profiles.actions.updates: open chat journeys by code and by person
            models.Index(
                fields=["platform", "code_hash"],
                condition=~Q(code_hash="") & Q(finished_at=None),
                name="journey_code",
            ),
            models.Index(
                fields=["platform", "person_id"],
                condition=~Q(person_id="") & Q(finished_at=None),
                name="journey_person",
            ),
            # profiles.actions.tidy: journeys to forget
            models.Index(fields=["expires_at"], name="journey_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.platform} journey of {self.user}"

    @property
    def aad(self) -> str:
        return f"profiles.journey:{self.pk}:sealed"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.expires_at > clock.now()

    def seal(self, data: dict[str, Any]) -> None:
        self.sealed = settings.TOKEN_KEYS.seal(json.dumps(data), self.aad)

    def unseal(self) -> dict[str, Any]:
        """Raises JourneyRefused when it was altered, or its key was taken away."""
        if not self.sealed:
            return {}
        try:
            text = settings.TOKEN_KEYS.unseal(self.sealed, self.aad)
        except Tampered:
            raise JourneyRefused("unreadable", UNREADABLE, journey=self) from None
        found: dict[str, Any] = json.loads(text)
        return found


class UpdatesCursor(models.Model):
    """How far the updates of a platform were read; one puller holds the lease."""

    platform = models.CharField(max_length=32, primary_key=True)
    cursor = models.CharField(max_length=64, blank=True)
    owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Why the bot can't be read, when only the operator can mend it.
    trouble = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.platform}: {self.cursor}"


def dump_token(token: Token) -> str:
    return json.dumps(
        {
            "access": token.access,
            "refresh": token.refresh,
            "expires_at": token.expires_at.isoformat() if token.expires_at else None,
            "scopes": list(token.scopes),
            "extra": dict(token.extra),
            "ends_at": token.ends_at.isoformat() if token.ends_at else None,
        }
    )


def load_token(text: str) -> Token:
    raw = json.loads(text)
    return Token(
        access=raw["access"],
        refresh=raw["refresh"],
        expires_at=_moment(raw["expires_at"]),
        scopes=tuple(raw["scopes"]),
        extra=raw["extra"],
        # Tokens sealed before this field was there have none.
        ends_at=_moment(raw.get("ends_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
