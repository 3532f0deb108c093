"""The life of the data: of every model, how it is exported, deleted, and how long kept.

Each app declares its models as `HOLDINGS` in `<app>/holdings.py`, where they are found;
a test finds the model that nobody declared (R-I3, R-J6).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.apps import apps
from django.db.models import Model, Q
from django.utils.module_loading import module_has_submodule

# What isn't needed any more, logs above all, is kept for so long (R-I3).
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Section:
    """A table of the export: its file's name, and columns as lookups (`author__name`)."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Aged:
    """Rows go `KEPT` after the moment in `column`. `in_order`: their ids rise with it,
    so the oldest are found without an index of their own."""

    column: str
    in_order: bool = False


@dataclass(frozen=True)
class Batches:
    """Deleted by so many rows at a time, before what they belong to; `files` names
    their columns of files, which go first. Those that aren't `ready` are met again."""

    size: int
    files: tuple[str, ...] = ()
    ready: Q | None = None


@dataclass(frozen=True)
class Holding:
    """`account`: lookup to the account whose rows they are, "" for none.

    `person`: lookups to the people whose own they are: gone at once when one of them
    goes. `mentions`: those that only say who did something, who is a former member then.
    `export`: how they are told, or the reason why they aren't. Without `batches` they
    are deleted by a cascade, few with each row of the parent.
    """

    model: type[Model]
    export: Section | str
    account: str = ""
    person: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    batches: Batches | None = None
    aged: Aged | None = None

    @property
    def section(self) -> Section | None:
        return self.export if isinstance(self.export, Section) else None


_holdings: dict[type[Model], Holding] = {}


def discover() -> None:
    """All that the installed apps declare; from one `AppConfig.ready`."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "holdings"):
            _register(import_module(f"{config.name}.holdings").HOLDINGS)


def _register(declared: Iterable[Holding]) -> None:
    _holdings.update((holding.model, holding) for holding in declared)


def holdings() -> list[Holding]:
    """In the order of the apps: what stands below comes first."""
    return list(_holdings.values())
