"""What somebody writes while staff acts is never put away unread (R-G9)."""

from __future__ import annotations

import re

import pytest

from support.actions.help import Asker, ask, reply
from support.help_request import HelpRequest
from support.place import Place
from support.rights import Kind
from tests.staff.conftest import last, make_staff, sign_in, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(cast) -> HelpRequest:
    return ask(asker=Asker(cast.alice), text="It broke", place=Place())


@pytest.fixture
def desk(cast):
    return sign_in(make_staff("Sam", Kind.SUPPORT))


def opened(desk, found: HelpRequest) -> tuple[str, str]:
    """The page's address, and what it says it shows."""
    address = f"/admin/support/helprequest/{found.pk}/answer/"
    page = desk.get(address).content.decode()
    told = re.search(r'name="read" value="(\d+)"', page)
    assert told
    return address, told[1]


def status(found: HelpRequest) -> str:
    return HelpRequest.objects.get(pk=found.pk).status


def test_closing_what_was_read(desk, found):
    address, read = opened(desk, found)
    desk.post(address, {"close": "1", "read": read})
    assert status(found) == "closed"


@pytest.mark.parametrize("act", [{"close": "1"}, {"text": "Press Refresh."}])
def test_a_word_that_came_meanwhile_is_shown_first(desk, found, cast, act):
    address, read = opened(desk, found)
    reply(request=found, actor=cast.alice, text="And now all is gone")
    answer = desk.post(address, {**act, "read": read}, follow=True)
    assert status(found) == "open"
    page = answer.content.decode()
    assert "Something was said meanwhile" in page and "And now all is gone" in page
    _, read = opened(desk, found)
    desk.post(address, {**act, "read": read})
    assert status(found) in {"closed", "answered"}


@pytest.mark.parametrize("read", ["", "x", "-1", "99999999999999999999999"])
def test_nonsense_breaks_nothing(desk, found, read):
    address, _ = opened(desk, found)
    assert desk.post(address, {"close": "1", "read": read}).status_code in {302, 422}


def test_reading_it_on_the_page_of_the_answer_is_written_down(desk, found):
    """R-I2: what was said stands there as well."""
    before = verbs().count("staff.viewed")
    opened(desk, found)
    assert verbs().count("staff.viewed") == before + 1
    assert last().object_id == str(found.pk)
