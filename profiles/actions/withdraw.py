"""Access that ended on the platform's side, told by its callback (R-D8, R-I3)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from core import clock
from platforms.callbacks import Doubt, News, Withdrawal
from profiles.actions.happen import happen
from profiles.actions.inspect import ask_of_each
from profiles.actions.mark import locked
from profiles.actions.tell_erased import tell_erased
from profiles.erasure import Erasure
from profiles.models import Connection, Journey, SocialProfile
from profiles.states import LIVE, Event

log = structlog.get_logger(__name__)

ERASED = "A person asked the platform to have their data erased here."
NAMELESS, UNNAMED = "Erased profile", "Social Set"
# Platforms tell whole seconds.
SECOND = timedelta(seconds=1)


def withdraw(withdrawal: Withdrawal) -> int:
    """How many connections ended. Said twice, it changes nothing more."""
    ids = _meant(withdrawal).values_list("connection__pk", flat=True)
    return sum(_end(pk, withdrawal) for pk in ids)


def look_into(doubt: Doubt) -> int:
    """Ask the platform of each that is meant; it answers whatever is true by then."""
    rows = Connection.objects.filter(profile__in=_meant(doubt), state__in=LIVE)
    return ask_of_each(rows.select_related("profile"))


@transaction.atomic
def erase(withdrawal: Withdrawal, digest: str) -> Erasure:
    """What came of it; the same call once more is the same request."""
    request, new = Erasure.objects.get_or_create(
        digest=digest,
        defaults={"platform": withdrawal.platforms[0], "asked_at": withdrawal.at},
    )
    if new:
        meant = [one for one in _held(withdrawal) if not _newer(one, withdrawal)]
        for profile in meant:
            _rename_place(profile)
        tell_erased([profile for profile in meant if profile.removed_at is None])
        request.tokens = sum(_forget(profile) for profile in meant)
        request.profiles = len(meant)
        request.done_at = clock.now()
        request.save()
        log.info("erasure.done", code=request.code, profiles=request.profiles)
    return request


def _held(withdrawal: Withdrawal) -> QuerySet[SocialProfile]:
    rows = _meant(withdrawal).select_related("connection", "group", "social_set")
    return rows.select_for_update(of=("self",), no_key=True)


def _meant(news: News) -> QuerySet[SocialProfile]:
    """Also removed ones: they hold names, and a token until it was revoked."""
    meant = Q(pk=None)
    for facts in news.whose:
        meant |= Q(**{_column(name): value for name, value in facts.items()})
    rows = SocialProfile.objects.filter(
        platform__in=news.platforms, connection__isnull=False
    )
    return rows.filter(meant).order_by("pk")


def _column(name: str) -> str:
    return name if name == "external_id" else f"data__{name}"


@transaction.atomic
def _end(pk: UUID, withdrawal: Withdrawal) -> bool:
    connection = locked(pk)
    if _signed_in_since(connection, withdrawal):
        return False
    happen(connection, Event.DEAUTHORIZED, withdrawal.cause)
    return _destroy_token(connection)


def _newer(profile: SocialProfile, withdrawal: Withdrawal) -> bool:
    return _signed_in_since(locked(profile.connection.pk), withdrawal)


def _signed_in_since(connection: Connection, withdrawal: Withdrawal) -> bool:
    """A late or repeated word says nothing of a sign-in that came after it."""
    at = connection.connected_at
    return at is not None and at > withdrawal.at + SECOND


def _destroy_token(connection: Connection) -> bool:
    """Whether there was one. The version tells a refresher that its answer is void."""
    had = bool(connection.sealed or connection.farewell)
    if not had:
        return False
    connection.sealed = connection.farewell = ""
    connection.version += 1
    connection.expires_at = connection.refresh_at = None
    connection.end_on(None)
    columns = ["sealed", "farewell", "version", "expires_at", "refresh_at"]
    connection.save(update_fields=[*columns, "ends_at", "warn_at"])
    return True


def _forget(profile: SocialProfile) -> bool:
    """Everything we had from the platform; the row stays for the posts made with it."""
    connection = locked(profile.connection.pk)
    happen(connection, Event.REMOVED, ERASED, missing=[])
    had = _destroy_token(connection)
    Connection.objects.filter(pk=connection.pk).update(granted=[], person_id="")
    _blank(profile)
    own = Q(profile=profile) | Q(pk=connection.grant_id)
    Journey.objects.filter(own).delete()
    return had


def _rename_place(profile: SocialProfile) -> None:
    """A Social Set that connecting made was named after its first profile."""
    place, names = profile.social_set, (profile.name[:110], profile.handle[:110])
    number = place.name.rpartition(" ")[2]
    bare = place.name.removesuffix(f" {number}") if number.isdecimal() else place.name
    if {place.name, bare} & {name for name in names if name}:
        place.name = UNNAMED
        place.save(update_fields=["name"])


def _blank(profile: SocialProfile) -> None:
    profile.name = NAMELESS
    profile.external_id = f"erased:{profile.pk}"
    profile.handle = profile.role = profile.address = profile.picture_url = ""
    profile.data = {}
    profile.removed_at = profile.removed_at or clock.now()
    profile.save()
