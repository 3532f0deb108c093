"""The rows that the ticks are measured beside: copies of one, by the models' columns."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from benchmarks.ticks import fill_statement
from core import clock
from scheduling.models import Target
from scheduling.states import PublishBy
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = pytest.mark.django_db


def test_copies_are_scheduled_apart_and_else_like_the_first(cast):
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    post = PostFactory(group=cast.group, author=cast.alice, text="Copied")
    first = TargetFactory(post=post, profile=profile, publish_by=PublishBy.REMINDER)
    with connection.cursor() as cursor:
        names = {"count": 3, "post": post.pk, "target": first.pk}
        cursor.execute(fill_statement(), names)
    copies = list(Target.objects.exclude(pk=first.pk).select_related("post"))
    assert len(copies) == len({each.post_id for each in copies}) == 3
    assert {each.post.text for each in copies} == {"Copied"}
    assert {each.publish_by for each in copies} == {PublishBy.REMINDER}
    assert all(each.state == "scheduled" for each in copies)
    assert all(each.due_at == each.post.scheduled_at for each in copies)
    assert min(each.due_at for each in copies) > clock.now() + timedelta(minutes=50)
