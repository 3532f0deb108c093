"""The purge finds what is old without reading what is young (issue 5's numbers)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from leaving.actions.purge import purge
from scheduling.models import Post

pytestmark = pytest.mark.django_db
MANY = 20_000


@pytest.fixture
def posts(cast) -> list[Post]:
    """Many that live, a few that were deleted long ago."""
    gone = clock.now() - timedelta(days=100)
    return Post.objects.bulk_create(
        Post(group=cast.group, deleted_at=None if number % 1_000 else gone)
        for number in range(MANY)
    )


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE scheduling_post")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def test_deleted_posts_are_found_by_an_index_of_their_own(posts):
    """R-I3: however many posts there are, only those that were deleted are read."""
    with CaptureQueriesContext(connection) as asked:
        assert purge()["scheduling.Post"] == MANY // 1_000
    looked = [
        query["sql"]
        for query in asked
        if '"scheduling_post"."deleted_at" <' in query["sql"]
    ]
    assert looked
    for sql in looked:
        assert "post_deleted" in plan_of(sql)
    assert Post.objects.count() == MANY - MANY // 1_000
