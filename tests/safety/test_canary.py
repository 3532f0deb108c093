"""The watch itself must bite: each place where a token may not stand (R-D2)."""

from __future__ import annotations

import logging

import pytest
from celery import current_app
from django.http import HttpResponse

from platforms.types import Token
from profiles.models import Connection
from tests.factories import ProfileFactory
from tests.support.canary import AVIARY, AnswerWatch, look_at_database

pytestmark = pytest.mark.django_db
CANARY = "canary-0123456789-abcdefghij"


@pytest.fixture
def profile(cast):
    return ProfileFactory(
        group=cast.group, social_set=cast.social_set, connection=Token(access=CANARY)
    )


def caught() -> list[str]:
    found, AVIARY.seen = AVIARY.seen, []
    return found


def test_a_sealed_token_is_nowhere_in_the_database(profile):
    """R-D2: encrypted with AES-256 from the first commit."""
    look_at_database()
    assert AVIARY.secrets == {CANARY}
    assert caught() == []


def test_a_token_in_a_column_is_caught(profile):
    Connection.objects.update(cause=f"refused {CANARY}")
    look_at_database()
    assert caught() == ["a token stands in the table profiles_connection"]
    Connection.objects.update(cause="")


def test_a_token_in_a_page_is_caught(profile, rf):
    AnswerWatch(lambda request: HttpResponse(CANARY))(rf.get("/somewhere/"))
    assert caught() == ["a token stands in the page /somewhere/"]


def test_a_token_in_a_log_is_caught(profile):
    logging.getLogger("later").warning("unlucky words %s", CANARY)
    assert "a token stands in a log line of later" in caught()


def test_a_token_in_a_task_is_caught(profile):
    current_app.send_task("publishing.publish", args=[CANARY], queue="nobody-reads")
    assert caught() == ["a token stands in a message of publishing.publish"]
