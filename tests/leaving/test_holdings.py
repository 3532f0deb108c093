"""No model without a word on how it is told, deleted and kept (R-I3, R-J6)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from accounts.models import Account, User
from core import rotation
from core.holdings import holdings
from leaving.actions.erase import batched

# Django's own, which hold nothing of a customer.
NOT_OURS = {
    "auth.Group": "kinds of staff",
    "auth.Permission": "made by migrations",
    "contenttypes.ContentType": "made by migrations",
    "sessions.Session": "unreadable once a person is gone; purged when they end",
}
SECRET = ("password", "token", "hash", "sealed", "farewell", "key", "secret")
# Batches take these, and all that hangs on them goes along.
KEEPERS = {"accounts.AuditEntry": "has an erasure of its own (accounts.audit)"}


def of_ours() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m._meta.label not in NOT_OURS]


def declared():
    return {each.model: each for each in holdings()}


@pytest.mark.parametrize("model", of_ours(), ids=lambda m: m._meta.label)
def test_every_model_is_declared(model):
    """R-J6: exported, or with a reason why not."""
    holding = declared().get(model)
    assert holding, f"add {model._meta.label} to {model._meta.app_label}/holdings.py"
    assert holding.section or len(str(holding.export)) > 10


@pytest.mark.parametrize("holding", holdings(), ids=lambda h: h.model._meta.label)
def test_its_lookups_exist(holding):
    """A wrong lookup would tell, or delete, somebody else's rows."""
    rows = holding.model._default_manager.all()
    columns = holding.section.columns if holding.section else ()
    str(rows.values_list("pk", *columns).query)
    for lookup in (holding.account, *holding.person, *holding.mentions):
        if lookup:
            str(rows.filter(**{f"{lookup}__isnull": False}).query)
    if holding.aged:
        assert isinstance(
            holding.model._meta.get_field(holding.aged.column), models.DateTimeField
        )
    for name in holding.batches.files if holding.batches else ():
        assert isinstance(holding.model._meta.get_field(name), models.FileField)


@pytest.mark.parametrize("model", of_ours(), ids=lambda m: m._meta.label)
def test_every_way_to_a_person_is_judged(model):
    """R-I3: rows of their own, or a mention of who did something."""
    holding = declared()[model]
    judged = {*holding.person, *holding.mentions}
    ways = {f.name for f in model._meta.get_fields() if _leads_to(f, User)}
    assert ways <= judged, f"{model._meta.label}: {ways - judged}"


@pytest.mark.parametrize("model", of_ours(), ids=lambda m: m._meta.label)
def test_every_way_to_an_account_ends_with_it(model):
    """R-I3: by batches, or by a cascade from what batches take."""
    if _is_of_an_account(model):
        assert declared()[model].account, model._meta.label
    if declared()[model].account and model._meta.label not in KEEPERS:
        taken = {each.model for each in batched()}
        assert model in taken or _goes_with(model, taken), model._meta.label


def _leads_to(field, other) -> bool:
    return field.is_relation and field.concrete and field.related_model is other


def _parents(model, *, cascading: bool) -> list[type[models.Model]]:
    return [
        field.related_model
        for field in model._meta.concrete_fields
        if field.is_relation
        and (not cascading or field.remote_field.on_delete is models.CASCADE)
    ]


def _goes_with(model, taken) -> bool:
    parents = _parents(model, cascading=True)
    return any(each in taken or _goes_with(each, taken) for each in parents)


def _is_of_an_account(model, seen=frozenset()) -> bool:
    if model is Account:
        return True
    parents = set(_parents(model, cascading=False)) - seen - {User, model}
    return any(_is_of_an_account(each, seen | {model}) for each in parents)


def test_no_secret_is_exported():
    """R-D2, R-J6: neither tokens nor hashes."""
    sealed = {(c.model, c.column) for c in rotation.columns()}
    for holding in holdings():
        for column in holding.section.columns if holding.section else ():
            assert (holding.model, column) not in sealed
            assert not any(word in column.split("_") for word in SECRET), column


def test_tables_have_names_of_their_own():
    names = [each.section.name for each in holdings() if each.section]
    assert len(names) == len(set(names))


def test_what_stands_on_others_is_deleted_first():
    """Protected keys would refuse, and a cascade would take too many at once."""
    order = [each.model for each in batched()]
    for place, model in enumerate(order):
        for parent in _parents(model, cascading=False):
            if parent in order:
                assert order.index(parent) > place, (model, parent)
