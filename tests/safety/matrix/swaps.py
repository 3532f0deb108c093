"""One's own page with one id of somebody else's in it: address, query, body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.safety.matrix import addresses, crossings
from tests.safety.matrix.act import Act, Door, Need
from tests.safety.matrix.people import Visitor
from tests.safety.matrix.report import Report
from tests.safety.matrix.request import Request
from tests.safety.matrix.walk import in_order
from tests.safety.matrix.watch import Seen, ask
from tests.safety.matrix.world import Side, World


def foreign_ids(
    table: Mapping[str, Door], visitors: list[Visitor], world: World
) -> Report:
    """Charlie puts ours into his pages; Alice, who sees both, the sister group's."""
    by_name = {each.name: each for each in visitors}
    stranger, owner = by_name["another tenant's owner"], by_name["owner"]
    report = Report()
    report.add(_tried(table, stranger, world.theirs, world.ours))
    within = {
        route: tuple(act for act in door if not _of_the_account(act))
        for route, door in table.items()
    }
    report.add(_tried(within, owner, world.ours, world.sister))
    return report


def _of_the_account(act: Act) -> bool:
    """The two groups are one account's: there it is no foreign id."""
    return act.across or (act.need == Need.OWNER and not act.in_group)


def _tried(
    table: Mapping[str, Door], visitor: Visitor, own: Side, foreign: Side
) -> Report:
    before = crossings.digest(foreign.group)
    report = Report()

    def judge() -> list[str]:
        changed = crossings.digest(foreign.group) != before
        told = [f"changes something of {foreign.name}"] if changed else []
        return [*crossings.found(), *told]

    for route, act in in_order(table):
        for name, request in _addressed(route, act, own, foreign):
            report.pairs += 1
            seen = ask(visitor.client(), request, judge)
            if seen.wrote or not (seen.status == 404 or _leads_on(seen, own, foreign)):
                where = f"{act.method} {route} with a foreign {name}"
                report.leaks.append(f"{where} by {visitor.name}: {seen}")
        for name, request in _filled(route, act, own, foreign):
            report.pairs += 1
            seen = ask(visitor.client(), request, judge)
            shows = foreign.marker.encode() in seen.content and own.name == "theirs"
            wrongs = [*seen.wrongs, *(["shows it"] if shows else [])]
            where = f"{act.method} {route} sent a foreign {name} by {visitor.name}"
            report.leaks += [f"{where}: {wrong}" for wrong in wrongs]
            if seen.status >= 500:
                report.faults.append(f"{where}: {seen}")
    return report


def _leads_on(seen: Seen, own: Side, foreign: Side) -> bool:
    """An old address leads to where a thing is now, if one sees it there."""
    both = own.owner == foreign.owner
    return seen.status == 302 and (both or own["group_id"] in seen.location)


def _addressed(
    route: str, act: Act, own: Side, foreign: Side
) -> Iterator[tuple[str, Request]]:
    """One of several ids in the address; a single one is the whole address's."""
    names = addresses.names(route)
    mine, others = ({**side.ids, **act.at(side)} for side in (own, foreign))
    plain = Request.to(route, act, own)
    for name in names if len(names) > 1 else ():
        if mine[name] != others[name] and act.need != Need.NOTHING:
            path = addresses.path_of(route, {**mine, name: others[name]})
            yield name, replace(plain, path=path)


def _filled(
    route: str, act: Act, own: Side, foreign: Side
) -> Iterator[tuple[str, Request]]:
    """Each id that stands anywhere in query or body."""
    plain = Request.to(route, act, own)
    for name, value in own.ids.items():
        other = foreign.ids[name]
        if value == other:
            continue
        changed = replace(
            plain,
            query=_replaced(plain.query, value, other),
            body=_replaced(plain.body, value, other),
        )
        if changed != plain:
            yield name, changed


def _replaced(found: Any, value: str, other: str) -> Any:
    """In values and in names of fields, however deep."""
    if isinstance(found, Mapping):
        return {
            key.replace(value, other): _replaced(each, value, other)
            for key, each in found.items()
        }
    if isinstance(found, list):
        return [_replaced(each, value, other) for each in found]
    return found.replace(value, other) if isinstance(found, str) else found
