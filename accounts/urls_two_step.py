"""allauth's second steps, with our overview in place of its lists."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views.security import ConfirmByPasskey, RemovePasskey

overview = RedirectView.as_view(pattern_name="accounts:security")

urlpatterns = [
    path("", overview),
    path("webauthn/", overview),
    path("webauthn/keys/<int:pk>/remove/", RemovePasskey.as_view()),
    path("webauthn/reauthenticate/", ConfirmByPasskey.as_view()),
    path("", include("allauth.mfa.urls")),
]
