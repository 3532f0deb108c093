"""Close an account: nobody gets in, nothing goes out, nothing names anybody (R-I3).

This much happens at once and costs a few statements however large the account is; the
rows themselves go in batches, by leaving.actions.erase.
"""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from accounts import audit
from accounts.former import nobody
from accounts.invitation import Invitation
from accounts.models import AccessGroup, Account, Membership, User
from accounts.people import people_of
from accounts.rights import require_owner
from core import clock
from core.queue import enqueue
from leaving.models import Deletion
from notifications.actions import notify
from profiles.models import Journey, SocialProfile, SocialSet
from scheduling.actions.call_back import call_back

GONE = "Deleted"
TITLE = "Your account in Later was deleted"
TEXT = (
    "The owner of the account that you worked in has deleted it, with its Access "
    "Groups, posts, files and profiles. What is published stays on the platforms.\n\n"
    "Your sign-in is still there: another account can invite you, and you can delete "
    "it under Your data."
)


def close_account(*, account: Account, actor: User) -> Deletion:
    """From here on it is only a matter of rows; its people are told."""
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        require_owner(actor, locked)
        _tell(locked)
        _lock_out(locked)
        _blank(locked)
        audit.erase(accounts=[locked.pk], texts=[])
        audit.record(audit.Deed("account.deleted", account=locked), actor=actor)
        deletion = Deletion.objects.create(
            kind=Deletion.Kind.ACCOUNT, subject=locked.pk
        )
        enqueue("leaving.erase", str(deletion.pk))
    call_back(account.pk)
    return deletion


def _tell(account: Account) -> None:
    path = reverse("leaving:data")
    for person in people_of(account).exclude(pk=account.owner_id):
        notify(user=person, code="account.deleted", title=TITLE, text=TEXT, path=path)


def _lock_out(account: Account) -> None:
    """Who has no role sees nothing, and nobody's posts go out without one (R-A6)."""
    Membership.objects.filter(group__account=account).delete()
    Invitation.objects.filter(account=account).delete()
    Journey.objects.filter(group__account=account).delete()


def _blank(account: Account) -> None:
    """It belongs to nobody until its row is gone; the profiles' places are free."""
    account.owner, account.name = nobody(), GONE
    account.save(update_fields=["owner", "name"])
    AccessGroup.objects.filter(account=account).update(name=GONE)
    SocialSet.objects.filter(group__account=account).update(name=GONE)
    SocialProfile.objects.filter(account=account).update(
        name=GONE, handle="", role="", address="", picture_url=""
    )
    active = SocialProfile.objects.active().filter(account=account)
    active.update(removed_at=clock.now())
