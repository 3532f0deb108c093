"""The admin: every address of it by everybody, each kind of staff included (R-I1).

What a page shows follows from its model, and who may see that from `support.rights`; a
page of no model needs an entry here: in `OPEN` (any staff) or `NEEDS` (an ability).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import Model

from support import rights
from support.rights import Ability, Kind
from tests.people import person
from tests.safety.matrix import addresses
from tests.safety.matrix.people import Visitor
from tests.safety.matrix.report import Report
from tests.safety.matrix.request import Request
from tests.safety.matrix.watch import Seen, ask
from tests.safety.matrix.world import Side, World

# Whoever comes: the way in, the way out, the words for scripts.
FOR_ALL = {
    "admin/login/",
    "admin/logout/",
    "admin/jsi18n/",
    "admin/password_change/",
}
# It only leads on to the row's page.
LEADS_ON = "/<path:object_id>/"
# Any staff: the models of an app that they may see, if any.
INDEX = "admin/^(?P<app_label>"
OPEN = {"admin/"}
NEEDS: dict[str, Ability] = {
    "admin/accounts/user/<uuid:user_id>/look/": Ability.ACT,
    "admin/accounts/invitation/<uuid:invitation_id>/address/": Ability.READDRESS,
    "admin/accounts/auditentry/export/": Ability.EXPORT_AUDIT,
    "admin/doctor/": Ability.DOCTOR,
    "admin/doctor/<slug:name>/": Ability.DOCTOR,
}


@dataclass(frozen=True)
class Page:
    """`label` is the model's, "" where there is none."""

    route: str
    path: str
    label: str = ""


def pages(world: World) -> Iterator[Page]:
    for route in addresses.every():
        if route.endswith(LEADS_ON) or route in FOR_ALL:
            continue
        if route.startswith(addresses.ADMIN):
            model = None if route in NEEDS else _model(route)
            label = model._meta.label_lower if model else ""
            yield Page(route, _path(route, model, world.ours), label)


def _model(route: str) -> type[Model] | None:
    """Of `admin/<app>/<model>/…`."""
    parts = route.split("/")
    known = {
        (model._meta.app_label, model._meta.model_name): model
        for model in apps.get_models()
    }
    return known.get((parts[1], parts[2])) if len(parts) > 3 else None


def _path(route: str, model: type[Model] | None, side: Side) -> str:
    row = model._default_manager.first() if model else None
    others = {"app_label": "profiles", "url": "nothing", "name": "services"}
    ids = {name: str(row.pk) if row else "1" for name in addresses.names(route)}
    return addresses.path_of(route, {**ids, **side.ids, **others})


def kinds(home: Side) -> list[Visitor]:
    """One person of each kind."""
    found = []
    for kind in Kind:
        user = person(f"Staff-{kind}", is_staff=True)
        name = rights.group_name(kind)
        user.groups.add(Group.objects.get_or_create(name=name)[0])
        found.append(Visitor(name, user, None, home))
    return found


def in_the_admin(visitors: list[Visitor], world: World) -> Report:
    report = Report()
    for page in pages(world):
        for visitor in visitors:
            # Whoever isn't staff meets the same door at every page.
            methods = ("GET", "POST") if _is_staff(visitor) else ("GET",)
            for method in methods:
                report.pairs += 1
                sent = {"post": "yes"} if method == "POST" else {}
                seen = ask(visitor.client(), Request(method, page.path, {}, sent))
                where = f"{method} {page.route} by {visitor.name}"
                _judge(report, where, page, visitor, seen)
    return report


def who_come(visitors: list[Visitor], home: Side) -> list[Visitor]:
    """Nobody, an owner, staff of no kind, a superuser, and each kind."""
    names = ("nobody", "owner")
    chosen = [each for each in visitors if each.name in names or _is_staff(each)]
    return [*chosen, *kinds(home)]


def _is_staff(visitor: Visitor) -> bool:
    return visitor.user is not None and visitor.user.is_staff


def _judge(
    report: Report, where: str, page: Page, visitor: Visitor, seen: Seen
) -> None:
    allowed = _may(page, visitor)
    if seen.status >= 500:
        report.faults.append(f"{where}: {seen}")
    elif not allowed and not _shut(seen):
        report.leaks.append(f"{where}: {seen}")
    elif seen.wrote:
        report.leaks.append(f"{where} changes something: {seen}")
    elif allowed and where.startswith("GET") and seen.signs_in:
        report.faults.append(f"{where}: {seen}")


def _shut(seen: Seen) -> bool:
    return not seen.wrote and (seen.signs_in or seen.status in (401, 403, 404, 405))


def _may(page: Page, visitor: Visitor) -> bool:
    """By the staff's own table; being a superuser counts for nothing."""
    user = visitor.user
    if user is None or not _is_staff(visitor):
        return False
    if page.label:
        return rights.may_see(user, page.label)
    if page.route in OPEN or page.route.startswith(INDEX):
        return True
    ability = NEEDS.get(page.route)
    return ability is not None and rights.may(user, ability)
