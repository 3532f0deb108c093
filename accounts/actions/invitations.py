"""Invite people, send it again, take it back (R-A2, R-A3, R-A5)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts import mails
from accounts.actions.members import give, in_words
from accounts.actions.name import name_of
from accounts.audit import Deed, record
from accounts.entitlements import require_room
from accounts.invitation import Invitation, InvitationGrant
from accounts.models import AccessGroup, Account, User
from accounts.people import address_for, people_of, with_address
from accounts.plans import Resource
from accounts.rights import require_given, require_owner
from accounts.signin.throttle import may_mail
from core import clock
from core.errors import DomainError

LIFETIME = timedelta(days=7)
# Nobody's mailbox is a plaything.
AGAIN_AFTER = timedelta(minutes=1)
TOKEN_BYTES = 32
JUST_SENT = DomainError(
    "just_sent", "It was sent less than a minute ago. Give it a moment to arrive."
)
OFTEN = DomainError(
    "mailed_often",
    "This address got several mails from us within the hour: the last one works. Try "
    "again later.",
    field="email",
)

Grants = Mapping[AccessGroup, str]


@dataclass(frozen=True)
class Invited:
    """`invitation` is None for a colleague, who simply got the groups."""

    asked: str
    used: str
    invitation: Invitation | None
    mailed: bool = False

    @property
    def varied(self) -> bool:
        return self.asked != self.used


def invite(
    *, account: Account, actor: User, email: str, grants: Grants, name: str = ""
) -> Invited:
    """Mail an invitation; with the address already in the account, just the groups."""
    try:
        with transaction.atomic():
            found, token = _open(account, actor, _address(email), name, grants)
    except IntegrityError:
        # The same address, asked for twice in one moment: the other press sends it.
        raise JUST_SENT from None
    return _sent(found, token)


def _open(
    account: Account, actor: User, asked: str, name: str, grants: Grants
) -> tuple[Invited, str]:
    require_owner(actor, account)
    _check(account, grants)
    name = name_of(name) if name.strip() else ""
    used = address_for(account, asked)
    colleague = with_address(used)
    if colleague is not None and people_of(account).filter(pk=colleague.pk).exists():
        give(account=account, actor=actor, person=colleague, grants=grants)
        return Invited(asked, used, None), ""
    invitation = _waiting(account, used) or _new(account, used)
    _not_just_sent(invitation)
    invitation.name = name or invitation.name
    invitation.asked_email, invitation.invited_by = asked, actor
    token = _issue(invitation)
    _grant(invitation, grants)
    _write_down("invitation.made", invitation, actor, in_words(grants))
    return Invited(asked, used, invitation), token


def _sent(found: Invited, token: str) -> Invited:
    if found.invitation is None:
        return found
    return replace(found, mailed=_mail(found.invitation, token))


def resend(*, invitation: Invitation, actor: User) -> bool:
    """With a new link; the one before no longer works. False: it wasn't mailed."""
    require_owner(actor, invitation.account)
    with transaction.atomic():
        waiting = _lock(invitation)
        _not_just_sent(waiting)
        token = _issue(waiting)
    return _mail(waiting, token)


def revoke(*, invitation: Invitation, actor: User) -> None:
    require_owner(actor, invitation.account)
    with transaction.atomic():
        waiting = _lock(invitation)
        waiting.revoked_at = clock.now()
        waiting.save(update_fields=["revoked_at"])
        _write_down("invitation.revoked", waiting, actor)


def readdress(*, invitation: Invitation, actor: User, email: str) -> Invited:
    """The same invitation to another address; the one before is taken back (R-A5)."""
    asked, account = _address(email), invitation.account
    if address_for(account, asked) == invitation.email:
        raise DomainError("same_address", "It went to this address.", field="email")
    given = invitation.grants.select_related("group")
    grants = {grant.group: grant.role for grant in given}
    with transaction.atomic():
        revoke(invitation=invitation, actor=actor)
        found, token = _open(account, actor, asked, invitation.name, grants)
    return _sent(found, token)


def _write_down(
    verb: str, invitation: Invitation, actor: User, words: str = ""
) -> None:
    record(Deed(verb, words, invitation, invitation.account), actor=actor)


def renew_for(email: str) -> bool:
    """Who was invited and asks for a password gets the way in (R-A4).

    False when nobody invited this address, or it has a person already.
    """
    address = email.strip().lower()
    if with_address(address) is not None:
        return False
    with transaction.atomic():
        rows = Invitation.objects.waiting().filter(email=address)
        waiting = rows.select_for_update().order_by("-created_at").first()
        if waiting is None:
            return False
        token = _issue(waiting)
    return _mail(waiting, token, password_asked=True)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        words = "Write an e-mail address, like mira@example.com."
        raise DomainError("bad_address", words, field="email") from None
    return address


def _check(account: Account, grants: Grants) -> None:
    if not grants:
        words = "Choose at least one Access Group."
        raise DomainError("no_group", words, field="groups")
    require_given(grants.values())
    if any(group.account_id != account.pk for group in grants):
        words = "Choose groups of this account."
        raise DomainError("foreign_group", words, field="groups")


def _waiting(account: Account, email: str) -> Invitation | None:
    rows = Invitation.objects.waiting().filter(account=account, email=email)
    return rows.select_for_update().first()


def _new(account: Account, email: str) -> Invitation:
    """It takes a place at once: whoever accepts it must find one."""
    require_room(account, Resource.PEOPLE)
    return Invitation(account=account, email=email)


def _lock(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.waiting().select_related("account", "invited_by")
    found = rows.select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if found is None:
        words = "This invitation was accepted or taken back meanwhile."
        raise DomainError("invitation_over", words)
    return found


def _not_just_sent(invitation: Invitation) -> None:
    """Counted for the address, whoever writes there: it may be nobody's we know."""
    sent_at = invitation.sent_at
    if sent_at is not None and clock.now() - sent_at < AGAIN_AFTER:
        raise JUST_SENT
    if not may_mail(invitation.email):
        raise OFTEN


def _issue(invitation: Invitation) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation.token_hash = hash_of(token)
    invitation.expires_at = clock.now() + LIFETIME
    invitation.save()
    return token


def _grant(invitation: Invitation, grants: Grants) -> None:
    for group, role in grants.items():
        InvitationGrant.objects.update_or_create(
            invitation=invitation, group=group, defaults={"role": role}
        )


def _mail(invitation: Invitation, token: str, *, password_asked: bool = False) -> bool:
    """After the commit: a link that is mailed must work."""
    mailed = mails.send_invitation(invitation, token, password_asked=password_asked)
    if mailed:
        invitation.sent_at = clock.now()
        invitation.save(update_fields=["sent_at"])
    return mailed
