"""Who can be chosen: the member, and Pages with the strongest of one's roles."""

from __future__ import annotations

import pytest

from platforms.errors import PermissionMissing, Unavailable
from platforms.linkedin.identities import NO_ROLE, OWN, PUBLISHING, ROLES
from platforms.linkedin.permissions import LIST_PAGES, PAGES
from platforms.types import Identity, Visit
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.linkedin.world import (
    ACLS,
    ADA,
    ALONE,
    BOOKS,
    LOOKUP,
    SCOPES,
    TOKEN,
    VISIT,
    YOGA,
    acl,
    acls,
    fresh,
    linkedin,
    named,
    refusal,
    world,
)


def offered(http: FakeHttp, visit: Visit = VISIT) -> list[Identity]:
    return list(linkedin(http).finish(visit, {}, {"code": "code-1"}).identities)


def test_one_sign_in_brings_the_member_and_the_pages():
    """R-C5: the member first."""
    member, books, yoga = offered(world())
    assert (member.external_id, member.name, member.role) == (ADA, "Ada Example", OWN)
    assert (yoga.external_id, yoga.role) == (YOGA, "Super admin")
    assert (books.external_id, books.role) == (BOOKS, "Analyst")
    assert [each.kind for each in (member, books, yoga)] == ["member", "page", "page"]


def test_all_of_one_grant_share_its_token_and_login():
    """R-D8: revoking for one ends all, so they know each other."""
    found = offered(world())
    assert {each.data["login_id"] for each in found} == {ADA}
    assert {each.data["login"] for each in found} == {PAGES}
    assert len({each.token.access for each in found if each.token}) == 1


def test_a_profile_alone_asks_for_no_pages():
    http = world()
    (member,) = offered(http, ALONE)
    assert member.picture_url == "https://media.licdn.com/ada.jpg"
    assert http.to("/rest/") == []


def test_without_the_right_to_list_pages_the_member_is_left():
    """R-C4: one missing permission doesn't cost the sign-in."""
    fewer = ",".join(name for name in SCOPES[PAGES] if name != LIST_PAGES)
    (member,) = offered(world().on("POST", TOKEN, fresh(scope=fewer)))
    assert member.external_id == ADA


def test_a_page_without_an_admin_role_says_whom_to_ask():
    """R-C6"""
    _, books, yoga = offered(world())
    assert (books.refused, yoga.refused) == (NO_ROLE, "")
    assert "Ask a super admin" in books.refused


@pytest.mark.parametrize("role", [*ROLES, "SOMETHING_NEW", ""])
def test_only_roles_that_publish_can_be_chosen(role):
    """R-C6: both words for content admins."""
    _, page = offered(world().on("GET", ACLS, acls(acl(YOGA, role))))
    assert (page.refused == "") == (role in PUBLISHING)
    assert page.role


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_roles_on_a_page_the_strongest_counts(turn):
    roles = [acl(YOGA, "ANALYST"), acl(YOGA, "ADMINISTRATOR"), acl(YOGA, "CURATOR")]
    _, page = offered(world().on("GET", ACLS, acls(*roles[::turn])))
    assert (page.role, page.refused) == ("Super admin", "")


@pytest.mark.parametrize(
    "field", ["organization", "organizationTarget", "organizationalTarget"]
)
def test_the_pages_field_has_three_names(field):
    http = world().on("GET", ACLS, acls(acl(YOGA, "ADMINISTRATOR", field)))
    assert offered(http)[1].external_id == YOGA


def test_pages_of_one_name_are_told_apart_by_address():
    """R-C5"""
    both = {"o7100001": ("Yoga", "yoga-b"), "o7100002": ("Yoga", "yoga-a")}
    _, first, second = offered(world().on("GET", LOOKUP, named(**both)))
    assert first.address == "linkedin.com/company/yoga-a"
    assert second.address == "linkedin.com/company/yoga-b"


def test_a_page_that_linkedin_doesnt_name_is_offered_all_the_same():
    http = world().on("GET", LOOKUP, reply({"results": {}, "statuses": {"1": 404}}))
    assert [each.name for each in offered(http)[1:]] == ["Page 7100001", "Page 7100002"]


def test_roles_are_read_to_the_end():
    http = world()
    first = acls(acl(YOGA, "ADMINISTRATOR"), total=2)
    http.on("GET", f"{ACLS}.*start=0", first)
    http.on("GET", f"{ACLS}.*start=1", acls(acl(BOOKS, "ADMINISTRATOR"), total=2))
    assert len(offered(http)) == 3
    query = http.to(ACLS)[0].query
    assert (query["q"], query["state"]) == ("roleAssignee", "APPROVED")
    assert query["count"] == "100"


def test_roles_without_an_end_hold_nobody():
    http = world().on("GET", ACLS, acls(acl(YOGA, "ADMINISTRATOR"), total=9_999))
    assert len(offered(http)) == 2
    assert len(http.to(ACLS)) == 50


def test_a_total_that_isnt_kept_ends_with_an_empty_page():
    http = world().on("GET", f"{ACLS}.*start=1", acls(total=5))
    http.on("GET", f"{ACLS}.*start=0", acls(acl(YOGA, "ADMINISTRATOR"), total=5))
    assert len(offered(http)) == 2


def test_names_are_asked_for_in_linkedins_own_grammar():
    """Brackets and commas as they are, fifty at a time."""
    many = [acl(f"urn:li:organization:{n}", "ANALYST") for n in range(100, 160)]
    http = world().on("GET", ACLS, acls(*many))
    offered(http)
    first, second = http.to(LOOKUP)
    assert first.url.endswith("149)")
    assert "ids=List(100,101," in first.url
    assert second.url.endswith("?ids=List(150,151,152,153,154,155,156,157,158,159)")


@pytest.mark.parametrize(
    "urn",
    ["urn:li:organization:1/../x", "urn:li:person:1", "urn:li:organization:", "7"],
)
def test_an_id_that_would_change_the_address_isnt_followed(urn):
    http = world().on("GET", ACLS, acls(acl(urn, "ADMINISTRATOR")))
    with pytest.raises(Unavailable):
        offered(http)
    assert http.to(LOOKUP) == []


def test_a_refusal_to_list_names_the_permission():
    http = world().on("GET", ACLS, refusal("ACCESS_DENIED", 403, 100))
    with pytest.raises(PermissionMissing) as caught:
        offered(http)
    assert caught.value.names == (LIST_PAGES,)


@pytest.mark.parametrize(
    ("me", "name"),
    [
        ({"id": "x", "localizedFirstName": "Ada"}, "Ada"),
        ({"id": "x"}, "LinkedIn member"),
    ],
)
def test_a_member_without_a_whole_name_has_one(me, name):
    http = world().on("GET", "/v2/me", reply(me)).on("GET", ACLS, acls())
    (member,) = offered(http)
    assert member.name == name
