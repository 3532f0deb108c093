"""The cast: Alice owns, Bob is on the team, Charlie must see nothing, Dana supports."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from accounts.actions.groups import open_account
from accounts.models import AccessGroup, Membership, Role, User
from accounts.signin.secrets import seal
from profiles.actions.sets import create_set
from profiles.models import SocialSet
from tests.support.passkey import registered

PASSWORD = "correct horse battery staple"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Cast:
    alice: User
    bob: User
    charlie: User
    dana: User
    group: AccessGroup
    charlies_group: AccessGroup
    social_set: SocialSet


def person(name: str, **fields: object) -> User:
    email = f"{name.lower()}@example.org"
    user = User.objects.create_user(email, PASSWORD, name=name, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if user.is_staff:
        # Without a second step staff gets nowhere.
        data = {"name": "Key", "credential": registered()}
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.WEBAUTHN, data=data
        )
    return user


def two_step(user: User) -> Authenticator:
    """An authenticator app."""
    data = {"secret": seal(TOTP_SECRET, user.pk)}
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data=data
    )


def assemble() -> Cast:
    alice, bob, charlie = person("Alice"), person("Bob"), person("Charlie")
    group = open_account(owner=alice, name="Alice Studio", timezone="Europe/Berlin")
    Membership.objects.create(user=bob, group=group, role=Role.MEMBER)
    charlies_group = open_account(owner=charlie, name="Charlie & Co")
    return Cast(
        alice=alice,
        bob=bob,
        charlie=charlie,
        dana=person("Dana", is_staff=True),
        group=group,
        charlies_group=charlies_group,
        social_set=create_set(group=group, actor=alice, name="Alice"),
    )
