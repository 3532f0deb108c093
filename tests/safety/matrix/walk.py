"""Try every act of every address by every person, and the methods nobody declared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.safety.matrix import addresses, verdict
from tests.safety.matrix.act import Act, Door, Need
from tests.safety.matrix.people import Outcome, Visitor
from tests.safety.matrix.report import Report
from tests.safety.matrix.request import Request
from tests.safety.matrix.watch import Seen, ask
from tests.safety.matrix.world import Side, World

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def people_at_doors(
    table: Mapping[str, Door], visitors: list[Visitor], world: World
) -> Report:
    """Each method of each address by each person, with our own ids in the address."""
    report = Report()
    for route, act in in_order(table):
        for visitor in _coming(act, visitors):
            report.pairs += 1
            named = bool(addresses.names(route))
            side = world.ours if named else visitor.home
            seen = ask(visitor.client(), Request.to(route, act, side))
            where = f"{act.method} {route} by {visitor.name}"
            _judge(report, where, act, visitor.expected(act, named=named), seen)
            if visitor.role is None and not act.shows_all:
                _look_for(report, where, world.ours, seen)
    return report


# Where rights make no difference, these stand for all.
ANYBODY = ("nobody", "another tenant's owner", "owner")


def _coming(act: Act, visitors: list[Visitor]) -> list[Visitor]:
    if act.need != Need.NOTHING:
        return visitors
    return [each for each in visitors if each.name in ANYBODY]


def in_order(table: Mapping[str, Door]) -> Iterator[tuple[str, Act]]:
    """Reading first: a file that was deleted doesn't come back with its row."""
    acts = [(route, act) for route, door in table.items() for act in door]
    return iter(sorted(acts, key=lambda pair: not pair[1].safe))


def _judge(report: Report, where: str, act: Act, expected: Outcome, seen: Seen) -> None:
    if line := verdict.leak(act, expected, seen):
        report.leaks.append(f"{where} {line}")
    elif line := verdict.fault(act, expected, seen):
        report.faults.append(f"{where} {line}")


def _look_for(report: Report, where: str, side: Side, seen: Seen) -> None:
    if side.marker.encode() in seen.content:
        report.leaks.append(f"{where} shows something of {side.name}")


# allauth answers further methods of a form like the form itself, token and all.
NOT_OURS = "user/"


def undeclared(table: Mapping[str, Door], visitors: list[Visitor]) -> Report:
    """A method that isn't in the table does nothing, not even for the owner."""
    report = Report()
    owner = next(each for each in visitors if each.role == "owner")
    for route, door in table.items():
        known = {act.method for act in door}
        if route.startswith(NOT_OURS):
            continue
        side = owner.home
        path = addresses.path_of(route, {**side.ids, **door[0].at(side)})
        for method in UNSAFE:
            if method in known:
                continue
            report.pairs += 1
            seen = ask(owner.client(), Request(method, path, {}, {}, json=True))
            if seen.status not in (403, 404, 405) or seen.wrote:
                report.leaks.append(f"{method} {route} isn't declared, but {seen}")
    return report
