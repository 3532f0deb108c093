"""An invitation sent to another address by staff, for whoever invited (R-A5)."""

from __future__ import annotations

from accounts.actions import invitations
from accounts.actions.invitations import Invited
from accounts.audit import Deed, record
from accounts.invitation import Invitation
from accounts.models import User
from core.errors import DomainError
from core.text import one_line
from notifications.actions import notify
from support import rights
from support.actions.act import SHORTEST_REASON
from support.rights import Ability


def readdress(
    *, invitation: Invitation, staff: User, email: str, reason: str
) -> Invited:
    """In the owner's name, whose invitation it stays; the owner is told."""
    rights.require(staff, Ability.READDRESS)
    reason, account = one_line(reason), invitation.account
    if len(reason) < SHORTEST_REASON:
        words = "Say who asked for it, and where."
        raise DomainError("no_reason", words, field="reason")
    found = invitations.readdress(
        invitation=invitation, actor=account.owner, email=email
    )
    deed = Deed("invitation.readdressed", "", invitation, account, reason)
    record(deed, actor=staff)
    notify(
        user=account.owner,
        code="support.readdressed",
        title="Support sent an invitation to another address",
        text=f"{invitation.email} → {found.used}\n\nWhy: {reason}",
        path="/settings/users/",
        button="See invitations",
    )
    return found
