from __future__ import annotations

from django.urls import path

from accounts.views import addresses, invitations, join, name, security, users

app_name = "accounts"
urlpatterns = [
    path("user/invitation/", join.join, name="join"),
    path("user/invitation/<str:token>/", join.link, name="invitation_link"),
    path("user/email/<str:key>/", addresses.confirm_address, name="confirm_address"),
    path("user/name/", name.change_name, name="name"),
    path("user/security/", security.overview, name="security"),
    path(
        "user/security/two-step-needed/",
        security.two_step_needed,
        name="two_step_needed",
    ),
    path(
        "user/security/sessions/<int:session_id>/end/",
        security.end_session,
        name="end_session",
    ),
    path(
        "user/security/sessions/end-others/",
        security.end_other_sessions,
        name="end_other_sessions",
    ),
    path("settings/users/two-step/", security.require_of_all, name="require_of_all"),
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
