"""What follows a post may need a permission of its own, which may not be there (R-C4)."""

from __future__ import annotations

from platforms import registry
from profiles.models import SocialProfile
from profiles.rights import VITAL, lacking

CODE = "follow_up_permission"


def trouble(profile: SocialProfile) -> str:
    """Why nothing could follow a post of this profile, in a sentence; "" if it could."""
    adapter = registry.get(profile.platform)
    connection = getattr(profile, "connection", None)
    form = adapter.follow_up
    # Without a vital one there is no post to be followed, which is told elsewhere.
    if form is None or connection is None or form.feature in VITAL:
        return ""
    absent = lacking(adapter, connection, form.feature)
    if not absent:
        return ""
    names = " and ".join(f"“{p.label}” ({p.name})" for p in absent)
    return (
        f"The {form.label.lower()} can't go out: {profile.label} on {adapter.name} "
        f"didn't give the permission {names}. Review its permissions."
    )
