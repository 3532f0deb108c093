"""Tell an account's people that a profile of theirs was erased at its owner's wish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.urls import reverse

from accounts.models import AccessGroup, Membership
from accounts.rights import Right, roles_with
from notifications.actions import notify
from platforms import registry
from profiles import hooks
from profiles.models import SocialProfile

CODE = "connection.erased"
WHY = (
    "A person at {name} asked for their data to be deleted here, so {what} from there "
    "is disconnected, and its name, picture and access are gone for good."
)
STAY = "Your posts stay, with what you wrote and where they went out."
WAIT = (
    "{posts} waiting for it and will be on hold. Choose another profile for what shall "
    "still go out, or delete it."
)


def tell_erased(profiles: Sequence[SocialProfile]) -> None:
    """Once for each person, without a name; before the profiles are blanked."""
    of_group: dict[AccessGroup, list[SocialProfile]] = defaultdict(list)
    for profile in profiles:
        of_group[profile.group].append(profile)
    for group, erased in of_group.items():
        _tell(group, erased)


def _tell(group: AccessGroup, erased: list[SocialProfile]) -> None:
    text = _text(erased)
    path = reverse("profiles:settings", kwargs={"group_id": group.pk})
    rows = Membership.objects.filter(
        group=group, role__in=roles_with(Right.CONNECT), user__is_active=True
    )
    for membership in rows.select_related("user"):
        notify(
            user=membership.user,
            code=CODE,
            title=f"{_what(erased)} of {group.name}: deleted at a person's wish",
            text=text,
            path=path,
        )


def _what(erased: list[SocialProfile]) -> str:
    name = registry.adapter_class(erased[0].platform).name
    return f"{name} profile" if len(erased) == 1 else f"{len(erased)} {name} profiles"


def _text(erased: list[SocialProfile]) -> str:
    name = registry.adapter_class(erased[0].platform).name
    places = ", ".join(sorted({each.social_set.name for each in erased}))
    what = f"what was connected in {places}"
    waiting = sum(hooks.needs(each).count for each in erased)
    parts = [WHY.format(name=name, what=what), STAY]
    if waiting:
        posts = "1 post is" if waiting == 1 else f"{waiting} posts are"
        parts.append(WAIT.format(posts=posts))
    return "\n\n".join(parts)
