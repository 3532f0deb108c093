from __future__ import annotations

from django.urls import path

from accounts.views import invitations, join, users

app_name = "accounts"
urlpatterns = [
    path("user/invitation/", join.join, name="join"),
    path("user/invitation/<str:token>/", join.link, name="invitation_link"),
    path("settings/users/", users.overview, name="users"),
    path("settings/users/invite/", users.invite_person, name="invite"),
    path("settings/users/<uuid:user_id>/", users.edit_person, name="person"),
    path("settings/users/<uuid:user_id>/remove/", users.remove, name="remove"),
    path(
        "settings/invitations/<uuid:invitation_id>/resend/",
        invitations.resend,
        name="resend",
    ),
    path(
        "settings/invitations/<uuid:invitation_id>/revoke/",
        invitations.revoke,
        name="revoke",
    ),
    path(
        "settings/invitations/<uuid:invitation_id>/address/",
        invitations.readdress,
        name="readdress",
    ),
]
