"""Lena of the sandbox: signing her in, preparing her posts."""

from __future__ import annotations

from platforms.instagram.adapter import Instagram
from platforms.types import (
    Draft,
    Grant,
    Identity,
    Job,
    Prepared,
    Profile,
)
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal
from tests.platforms.instagram.world import visit
from tests.platforms.signin import signed_in

LENA, JUNO = "17841400000000001", "17841400000000006"
LENA_PERSON = "100200000000001"
PAUSE_S = 0.1
LOGINS = ["instagram_login", "facebook_login"]


def lena(adapter: Instagram, login: str) -> Identity:
    grant = grant_of(adapter, login)
    return next(i for i in grant.identities if i.external_id == LENA)


def grant_of(adapter: Instagram, login: str, **choices) -> Grant:
    who = LENA if login == "instagram_login" else LENA_PERSON
    return signed_in(adapter, visit(login), who, **choices)


def of(identity: Identity, draft: Draft) -> Job:
    assert identity.token is not None
    profile = Profile(
        identity.external_id, identity.handle, identity.kind, identity.data
    )
    return Job(draft, profile, identity.token, "key-1")


def prepare(adapter: Instagram, sample: Job, journal: DictJournal) -> Prepared:
    return run_prepare(adapter, sample, journal, pause_s=PAUSE_S)


def ready(adapter: Instagram, sample: Job) -> Prepared:
    return prepare(adapter, sample, DictJournal())
