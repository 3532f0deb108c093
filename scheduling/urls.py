from __future__ import annotations

from django.urls import include, path

from scheduling import api
from scheduling.views import calendar, composer, post

app_name = "scheduling"

_group = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/posts/", calendar.posts, name="calendar_posts"),
    path("posts/new/", composer.compose, name="compose"),
    path("posts/check/", composer.check, name="check"),
]
_post = [
    path("", post.detail, name="post"),
    path("edit/", composer.edit, name="edit"),
    path("story/", post.story, name="story"),
    path("peek/", post.peek, name="peek"),
    path("reschedule/", post.reschedule, name="reschedule"),
    path("delete/", post.delete, name="delete"),
    path("duplicate/", post.duplicate, name="duplicate"),
    path("targets/<uuid:target_id>/retry/", post.retry, name="retry"),
    path("targets/<uuid:target_id>/settle/", post.settle, name="settle"),
]
_api = [
    path("", api.PostList.as_view(), name="api_posts"),
    path("<uuid:pk>/", api.PostDetail.as_view(), name="api_post"),
    path("<uuid:pk>/reschedule/", api.PostReschedule.as_view(), name="api_reschedule"),
    path(
        "<uuid:pk>/targets/<uuid:target_id>/retry/",
        api.TargetRetry.as_view(),
        name="api_retry",
    ),
    path(
        "<uuid:pk>/targets/<uuid:target_id>/settle/",
        api.TargetSettle.as_view(),
        name="api_settle",
    ),
]

urlpatterns = [
    path("g/<uuid:group_id>/", include(_group)),
    path("g/<uuid:group_id>/posts/<uuid:pk>/", include(_post)),
    path("api/v1/groups/<uuid:group_id>/posts/", include(_api)),
]
