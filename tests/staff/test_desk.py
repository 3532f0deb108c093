"""The staff's lists and pages: found, bounded, written down, without a secret."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.audit import AuditEntry
from accounts.models import User
from core.bounded import bounded
from scheduling.models import Post
from support.admin import base
from support.rights import Kind
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import person
from tests.staff.conftest import attempt, last, verbs
from tests.staff.test_kinds import address

pytestmark = pytest.mark.django_db
MANY_QUERIES = 16


def listed(client, label: str, words: str) -> str:
    answer = client.get(address(label, "changelist"), {"q": words})
    assert answer.status_code == 200
    return answer.content.decode().split('id="changelist-form"')[1]


def test_no_customer_is_listed_before_something_is_looked_for(support, everything):
    """R-I1: the desk is no book to leaf through."""
    page = support.get("/admin/accounts/user/").content.decode()
    assert "alice@example.org" not in page
    assert "What you look for is written down." in page


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("accounts.user", "Alice@Exam"),
        ("accounts.user", "ali"),
        ("accounts.account", "alice st"),
        ("accounts.account", "alice@example.org"),
        ("accounts.accessgroup", "ALICE"),
        ("accounts.invitation", "mira@"),
        ("profiles.socialset", "Alice"),
        ("profiles.socialprofile", "Profile"),
        ("profiles.connection", "profile"),
        ("scheduling.post", "alice@example.org"),
    ],
)
def test_what_people_are_known_by_is_found(support, everything, label, words):
    """R-I1, issue 5: people, accounts, groups, profiles, posts, invitations."""
    pk = str(everything[label].pk)
    assert pk in listed(support, label, words)
    assert pk not in listed(support, label, "zzz@nowhere.example")


@pytest.mark.parametrize(
    ("label", "by"),
    [
        ("accounts.user", "accounts.user"),
        ("accounts.account", "accounts.user"),
        ("accounts.accessgroup", "accounts.account"),
        ("accounts.invitation", "accounts.account"),
        ("profiles.socialset", "accounts.accessgroup"),
        ("profiles.socialprofile", "accounts.account"),
        ("profiles.connection", "profiles.socialprofile"),
        ("profiles.connectionevent", "profiles.connection"),
        ("scheduling.post", "scheduling.post"),
        ("scheduling.post", "accounts.accessgroup"),
        ("scheduling.post", "accounts.user"),
        ("scheduling.post", "profiles.socialprofile"),
    ],
)
def test_whose_it_is_finds_it_by_id(support, everything, label, by):
    found = listed(support, label, str(everything[by].pk))
    assert f"/{everything[label].pk}/change/" in found


def test_a_post_is_found_by_its_link_its_handle_and_its_target(support, everything):
    post = everything["scheduling.post"]
    target = post.targets.get()
    target.permalink = "https://bsky.example/post/1"
    target.save(update_fields=["permalink"])
    for words in (target.permalink, f"@{target.profile.handle}", str(target.pk)):
        assert str(post.pk) in listed(support, "scheduling.post", words)


def test_a_posts_page_tells_its_story(support, everything):
    """R-F11: what was tried, the platform's words, its request id."""
    page = support.get(
        address("scheduling.post", "change", everything["scheduling.post"].pk)
    )
    text = page.content.decode()
    for words in ("refused the post", "HTTP 400 req-4711", "InvalidRequest", "Failed"):
        assert words in text


def test_a_persons_page_leads_on(support, everything):
    page = support.get(
        address("accounts.user", "change", everything["accounts.user"].pk)
    )
    text = page.content.decode()
    for label in ("accounts.account", "accounts.accessgroup"):
        assert address(label, "change", everything[label].pk) in text


def test_panels_show_only_what_one_may_see(staff, everything):
    """Onboarding sees a group and its profiles, never its posts."""
    page = staff(Kind.ONBOARDING).get(
        address("accounts.accessgroup", "change", everything["accounts.accessgroup"].pk)
    )
    assert b"Profiles" in page.content
    assert b"A walk in the hills" not in page.content


def test_colleagues_are_not_customers(support, cast):
    assert "dana" not in listed(support, "accounts.user", "dana@example.org")
    answer = support.get(address("accounts.user", "change", cast.dana.pk))
    assert answer.status_code == 302


def test_no_page_holds_a_secret(staff, everything, cast):
    """R-D2: sealed or open, hashes too; the suite's canaries watch each answer as well."""
    secrets = [
        everything["profiles.connection"].sealed,
        everything["accounts.invitation"].token_hash,
        cast.alice.password,
        "canary-token",
    ]
    client = staff(*Kind)
    for label, row in everything.items():
        for page in ("changelist", "change"):
            args = (row.pk,) if page == "change" else ()
            text = client.get(address(label, page, *args) + "?q=a").content.decode()
            assert not [secret for secret in secrets if secret and secret in text]


@pytest.mark.parametrize(
    "label",
    ["accounts.user", "accounts.account", "profiles.socialprofile", "scheduling.post"],
)
def test_more_rows_cost_no_more_questions(support, everything, cast, label):
    few = questions(support, label)
    for number in range(30):
        person(f"Alice{number}")
        post = PostFactory(group=cast.group, author=cast.alice, text=f"{number}")
        TargetFactory(post=post, profile=everything["profiles.socialprofile"])
    ProfileFactory(group=cast.group, social_set=cast.social_set, platform="mastodon")
    many = questions(support, label)
    assert many <= few <= MANY_QUERIES


def questions(client, label: str) -> int:
    known = {"profiles.socialprofile": "profile", "accounts.user": "alice"}
    words = known.get(label, "alice@example.org")
    with CaptureQueriesContext(connection) as asked:
        client.get(address(label, "changelist"), {"q": words})
    return len(asked)


def test_a_posts_page_costs_no_more_with_more_attempts(support, everything):
    post = everything["scheduling.post"]
    page = address("scheduling.post", "change", post.pk)
    with CaptureQueriesContext(connection) as few:
        support.get(page)
    for _ in range(10):
        attempt(post.targets.get())
    with CaptureQueriesContext(connection) as many:
        support.get(page)
    assert len(many) <= len(few) <= MANY_QUERIES


def test_lists_are_counted_no_further_than_anybody_turns(support, cast, monkeypatch):
    """Safe with millions of rows: no COUNT over all of them."""
    monkeypatch.setattr(base, "MOST", 5)
    for number in range(8):
        PostFactory(group=cast.group, author=cast.alice, text=f"Number {number}")
    with CaptureQueriesContext(connection) as asked:
        answer = support.get(
            address("scheduling.post", "changelist"), {"q": str(cast.group.pk)}
        )
    assert "Only the first 5 are listed" in answer.content.decode()
    counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    assert counts and all("LIMIT 5" in sql for sql in counts)


def test_a_search_that_takes_too_long_is_given_up(support, cast, monkeypatch):
    """One broad search takes no more of the database than seconds."""
    monkeypatch.setattr(base, "LIST_S", 0.2)

    def slow(admin, request, queryset, words):
        return queryset.extra(where=["pg_sleep(3) IS NOT NULL"]), False

    PostFactory(group=cast.group)
    monkeypatch.setattr("support.admin.posts.PostAdmin.get_search_results", slow)
    answer = support.get("/admin/scheduling/post/?q=x", follow=True)
    assert answer.redirect_chain
    assert "takes too long to find" in answer.content.decode()


def test_a_whole_address_is_found_by_its_index(support, cast):
    """Whatever its case; reading everybody would take seconds with a million people."""
    with CaptureQueriesContext(connection) as asked:
        found = listed(support, "accounts.user", "ALICE@example.org")
    assert str(cast.alice.pk) in found
    likes = [query["sql"] for query in asked if "LIKE" in query["sql"]]
    assert likes == []


def test_the_bound_ends_with_its_block(db):
    with bounded(1.0):
        assert timeout() == "1s"
    assert timeout() == "0"


def timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_searches_lists_and_pages_are_written_down(support, everything, cast):
    """R-I2: reading is an act: what was looked for, and whose page was opened."""
    since = AuditEntry.objects.latest("id").pk
    support.get("/admin/scheduling/post/")
    support.get("/admin/accounts/user/?q=alice@example.org")
    support.get(address("accounts.user", "change", cast.alice.pk))
    listed_, searched, viewed = AuditEntry.objects.filter(pk__gt=since).order_by("id")
    assert (listed_.verb, listed_.words) == ("staff.listed", "posts")
    assert searched.verb == "staff.searched"
    assert searched.words == "users: q=alice@example.org"
    assert (viewed.verb, viewed.object_id) == ("staff.viewed", str(cast.alice.pk))
    assert viewed.account_id == cast.group.account_id
    assert viewed.actor == "staff-support@example.org" and viewed.staff


def test_a_page_that_is_not_there_is_no_view(support, everything):
    before = verbs()
    support.get("/admin/accounts/user/00000000-0000-0000-0000-000000000000/change/")
    assert verbs() == before


@pytest.mark.parametrize("label", ["scheduling.post", "profiles.socialset"])
def test_every_viewed_row_names_its_account(support, everything, label, cast):
    support.get(address(label, "change", everything[label].pk))
    assert last().account_id == cast.group.account_id


def test_histories_of_the_admin_are_not_offered(support, everything):
    page = address("accounts.user", "history", everything["accounts.user"].pk)
    assert support.get(page).status_code == 404


def test_a_deleted_post_is_still_found(support, everything, cast):
    Post.objects.update(deleted_at=everything["scheduling.post"].created_at)
    assert str(everything["scheduling.post"].pk) in listed(
        support, "scheduling.post", cast.alice.email
    )


def test_a_list_is_called_what_it_lists(support):
    page = support.get("/admin/accounts/user/").content.decode()
    assert "<title>People · Later staff</title>" in page


def test_the_desk_writes_times_as_the_product_does(support, cast):
    joined = datetime(2026, 3, 5, 21, 7, tzinfo=UTC)
    User.objects.filter(pk=cast.alice.pk).update(date_joined=joined)
    assert "5 Mar 2026, 21:07" in listed(support, "accounts.user", "alice@")
