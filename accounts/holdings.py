"""What becomes of this app's data, and of allauth's (core.holdings)."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from accounts.audit import AuditEntry, AuditOpening
from accounts.invitation import Invitation, InvitationGrant
from accounts.models import AccessGroup, Account, Membership, User
from accounts.signin.buckets import Bucket
from core.holdings import Aged, Batches, Holding, Section

HOLDINGS = (
    Holding(User, export="Told with the groups they are in, as people."),
    Holding(
        Account,
        export=Section("account", ("id", "name", "owner__name", "plan", "created_at")),
        account="pk",
        mentions=("owner",),
        batches=Batches(1),
    ),
    Holding(
        AccessGroup,
        export=Section("groups", ("id", "name", "timezone", "created_at")),
        account="account",
        batches=Batches(50),
    ),
    Holding(
        Membership,
        export=Section(
            "people",
            ("user__name", "user__email", "group__name", "role", "created_at"),
        ),
        account="group__account",
        person=("user",),
        batches=Batches(500),
    ),
    Holding(
        Invitation,
        export=Section(
            "invitations",
            (
                "email",
                "asked_email",
                "name",
                "invited_by__name",
                "created_at",
                "sent_at",
                "expires_at",
                "accepted_at",
                "revoked_at",
            ),
        ),
        account="account",
        # Who accepted one; those that wait are the inviting account's, and free again.
        person=("accepted_by",),
        mentions=("invited_by",),
        batches=Batches(200),
        aged=Aged("expires_at"),
    ),
    Holding(
        InvitationGrant,
        export=Section("invitation_roles", ("invitation", "group__name", "role")),
        account="invitation__account",
    ),
    Holding(
        AuditEntry,
        # accounts.audit has a purge and an erasure of its own: nobody else may.
        export=Section(
            "audit",
            (
                "at",
                "actor",
                "staff",
                "verb",
                "object_type",
                "object_id",
                "words",
                "reason",
            ),
        ),
        account="account_id",
    ),
    Holding(AuditOpening, export="Never outlives its transaction."),
    Holding(EmailAddress, export="Told with the people.", person=("user",), account=""),
    Holding(
        EmailConfirmation,
        export="Keys of mails that were sent.",
        person=("email_address__user",),
    ),
    Holding(
        Authenticator,
        export="Second steps: keys and sealed secrets, of use here alone.",
        person=("user",),
    ),
    Holding(
        UserSession,
        export="Where somebody is signed in now; gone with each session.",
        person=("user",),
    ),
    Holding(
        Bucket, export="Counted tries under hashes, forgotten within an hour or two."
    ),
)
