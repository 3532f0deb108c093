"""Who must have a second step: staff, and everybody of an account that says so (R-A7)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)

from accounts.models import Account, Membership, User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_second_steps(people: QuerySet[User]) -> QuerySet[User]:
    """Each with whether `two_step` is set up, and whether it is `two_step_asked`."""
    asked = ExpressionWrapper(_asked(), output_field=BooleanField())
    return people.annotate(two_step=_has(), two_step_asked=asked)


def is_asked(user: User) -> bool:
    return _read(user, "two_step_asked")


def is_missing(user: User) -> bool:
    return is_asked(user) and not has_second_step(user)


def has_second_step(user: User) -> bool:
    return _read(user, "two_step")


def _read(user: User, name: str) -> bool:
    """As it was loaded for this request, or looked up."""
    if not hasattr(user, name):
        loaded = with_second_steps(User.objects.filter(pk=user.pk)).first()
        return bool(loaded and getattr(loaded, name))
    return bool(getattr(user, name))


def _asked() -> Q:
    """Staff first: for nobody else anything is looked up in vain."""
    own = Account.objects.filter(owner=OuterRef("pk"), two_step_required=True)
    member = Membership.objects.filter(
        user=OuterRef("pk"), group__account__two_step_required=True
    )
    return Q(is_staff=True) | Q(Exists(own)) | Q(Exists(member))


def _has() -> Exists:
    rows = Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS)
    return Exists(rows)
