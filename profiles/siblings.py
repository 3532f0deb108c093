"""Connections that live by one sign-in."""

from __future__ import annotations

from django.db.models import Q

from profiles.models import Connection


def same_sign_in(connection: Connection) -> Q:
    """Of one journey, or of one login at the platform when its adapter tells it.

    Platforms of one company share logins. Two that only look alike cost a call.
    """
    same = Q(grant_id=connection.grant_id) if connection.grant_id else Q(pk=None)
    login_id = connection.profile.data.get("login_id")
    if login_id:
        same |= Q(profile__data__login_id=login_id)
    return same
