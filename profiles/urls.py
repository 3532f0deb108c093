from __future__ import annotations

from django.urls import include, path

from profiles import api
from profiles.views import (
    callback,
    connect,
    groups,
    journey,
    move,
    platform_calls,
    profile,
    settings,
)

app_name = "profiles"

_settings = [
    path("profiles/", settings.overview, name="settings"),
    path("sets/new/", settings.new_set, name="new_set"),
    path("sets/<uuid:set_id>/", settings.edit_set, name="edit_set"),
    path("sets/<uuid:set_id>/delete/", settings.remove_set, name="delete_set"),
    path("profiles/<uuid:profile_id>/", profile.detail, name="profile"),
    path("profiles/<uuid:profile_id>/move/", move.move, name="move"),
    path("profiles/<uuid:profile_id>/enable/", profile.enable, name="enable"),
    path(
        "profiles/<uuid:profile_id>/disconnect/",
        profile.disconnect,
        name="disconnect",
    ),
]
_journey = [
    path("wait/", journey.wait, name="wait"),
    path("check/", journey.check_now, name="check_now"),
    path("pick/", journey.choose, name="pick"),
    path("done/", journey.done, name="done"),
]

_api = [
    path("", api.ProfileList.as_view(), name="api_profiles"),
    path(
        "<uuid:profile_id>/history/",
        api.ProfileHistory.as_view(),
        name="api_history",
    ),
    path(
        "<uuid:profile_id>/disconnect/",
        api.ProfileDisconnect.as_view(),
        name="api_disconnect",
    ),
    path("<uuid:profile_id>/move/", api.ProfileMove.as_view(), name="api_move"),
]

urlpatterns = [
    path("settings/groups/new/", groups.new_group, name="new_group"),
    path("g/<uuid:group_id>/settings/", include(_settings)),
    path("g/<uuid:group_id>/connect/<slug:platform>/", connect.connect, name="connect"),
    path(
        "g/<uuid:group_id>/connect/<slug:platform>/<uuid:journey_id>/",
        include(_journey),
    ),
    path("connect/<slug:platform>/callback/", callback.callback, name="callback"),
    path(
        "hooks/<slug:platform>/<slug:name>/",
        platform_calls.heard,
        name="heard",
    ),
    path("data-deletion/<slug:code>/", platform_calls.erasure, name="erasure"),
    path("oauth/<slug:platform>/<path:name>", callback.document, name="document"),
    path("api/v1/groups/<uuid:group_id>/profiles/", include(_api)),
]
