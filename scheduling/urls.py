from __future__ import annotations

from django.urls import include, path

from scheduling import api, api_stops
from scheduling.views import calendar, composer, held, post, stops

app_name = "scheduling"

_group = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/posts/", calendar.posts, name="calendar_posts"),
    path("posts/new/", composer.compose, name="compose"),
    path("posts/check/", composer.check, name="check"),
    path("posts/held/", held.overview, name="held"),
    path("posts/held/<uuid:profile_id>/", held.resume, name="resume_profile"),
    path("settings/stops/", stops.overview, name="stops"),
    path("settings/stops/<uuid:stop_id>/lift/", stops.lift, name="lift_stop"),
]
_post = [
    path("", post.detail, name="post"),
    path("edit/", composer.edit, name="edit"),
    path("story/", post.story, name="story"),
    path("peek/", post.peek, name="peek"),
    path("reschedule/", post.reschedule, name="reschedule"),
    path("delete/", post.delete, name="delete"),
    path("duplicate/", post.duplicate, name="duplicate"),
    path("targets/<uuid:target_id>/resume/", post.resume, name="resume"),
    path("targets/<uuid:target_id>/settle/", post.settle, name="settle"),
    path("targets/<uuid:target_id>/posted/", post.posted, name="posted"),
]
_api = [
    path("", api.PostList.as_view(), name="api_posts"),
    path("<uuid:pk>/", api.PostDetail.as_view(), name="api_post"),
    path("<uuid:pk>/reschedule/", api.PostReschedule.as_view(), name="api_reschedule"),
    path(
        "<uuid:pk>/targets/<uuid:target_id>/resume/",
        api.TargetResume.as_view(),
        name="api_resume",
    ),
    path(
        "<uuid:pk>/targets/<uuid:target_id>/settle/",
        api.TargetSettle.as_view(),
        name="api_settle",
    ),
    path(
        "<uuid:pk>/targets/<uuid:target_id>/posted/",
        api.TargetPosted.as_view(),
        name="api_posted",
    ),
]

_api_stops = [
    path("stops/", api_stops.StopList.as_view(), name="api_stops"),
    path(
        "stops/<uuid:stop_id>/lift/",
        api_stops.StopLift.as_view(),
        name="api_lift_stop",
    ),
    path(
        "profiles/<uuid:profile_id>/resume/",
        api_stops.ProfileResume.as_view(),
        name="api_resume_profile",
    ),
]

urlpatterns = [
    path("g/<uuid:group_id>/", include(_group)),
    path("g/<uuid:group_id>/posts/<uuid:pk>/", include(_post)),
    path("api/v1/groups/<uuid:group_id>/posts/", include(_api)),
    path("api/v1/groups/<uuid:group_id>/", include(_api_stops)),
]
