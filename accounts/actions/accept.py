"""Accept an invitation: once, by whoever holds its mail (R-A3, R-A4)."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actions.invitations import hash_of
from accounts.actions.members import enter, in_words
from accounts.actions.name import name_of
from accounts.audit import Deed, record
from accounts.invitation import Invitation
from accounts.models import User
from accounts.people import address_for, with_address
from core import clock
from core.errors import DomainError, DomainErrors

GONE = DomainError(
    "invitation_over",
    "This invitation was used, taken back or replaced by a newer one.",
)


def find(token: str) -> Invitation | None:
    """By the token of its mail; also one that ran out, which can be renewed."""
    rows = Invitation.objects.waiting().select_related("account", "invited_by")
    return rows.filter(token_hash=hash_of(token)).first()


def address_of(invitation: Invitation) -> str:
    """The address to sign in with; another account may have taken it since."""
    return address_for(invitation.account, invitation.email)


def accept_as_new(*, token: str, name: str, password: str) -> User:
    """A new person with this password. Raises DomainError(s) beside their fields."""
    try:
        return _accept_as_new(token, name, password)
    except IntegrityError:
        # Two invitations of one address, accepted in the same moment.
        raise GONE from None


def _accept_as_new(token: str, name: str, password: str) -> User:
    with transaction.atomic():
        invitation = _lock(token)
        email = _free_address(invitation)
        person = User(email=email)
        _check(person, name, password)
        person.set_password(password)
        person.save()
        # The mail came to this address; a variation found just now saw none yet.
        seen = email == invitation.email
        EmailAddress.objects.create(
            user=person, email=email, verified=seen, primary=True
        )
        _enter(invitation, person)
    return person


def accept_as(*, token: str, person: User) -> None:
    """For somebody who has a password and belongs to this account or to none."""
    with transaction.atomic():
        invitation = _lock(token)
        if with_address(address_of(invitation)) != person:
            words = f"This invitation is for {invitation.email}, not for you."
            raise DomainError("other_person", words)
        _enter(invitation, person)


def _lock(token: str) -> Invitation:
    rows = Invitation.objects.waiting().select_related("account")
    locked = rows.select_for_update(of=("self",))
    found = locked.filter(token_hash=hash_of(token)).first()
    if found is None or found.ran_out:
        raise GONE
    return found


def _free_address(invitation: Invitation) -> str:
    """Looked for again where another account took it in this very moment (R-A2)."""
    email = address_of(invitation)
    while with_address(email) is not None:
        meanwhile = address_of(invitation)
        if meanwhile == email:
            words = f"{email} has a password already. Sign in, then accept."
            raise DomainError("sign_in_first", words)
        email = meanwhile
    return email


def _check(person: User, name: str, password: str) -> None:
    errors = []
    try:
        person.name = name_of(name)
    except DomainError as error:
        errors.append(error)
    try:
        validate_password(password, person)
    except ValidationError as error:
        words = " ".join(error.messages)
        errors.append(DomainError("weak_password", words, field="password"))
    if errors:
        raise DomainErrors(errors)


def _enter(invitation: Invitation, person: User) -> None:
    given = invitation.grants.select_related("group")
    grants = {grant.group: grant.role for grant in given}
    enter(account=invitation.account, person=person, grants=grants)
    invitation.accepted_at, invitation.accepted_by = clock.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    deed = Deed("invitation.accepted", in_words(grants), invitation, invitation.account)
    record(deed, actor=person)
