"""Mounts the apps. A page's Access Group comes from its address."""

from __future__ import annotations

from allauth.account.views import password_reset
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from later import health, metrics, views

urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", views.groups, name="groups"),
    path("start/", views.start, name="start"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/worker", health.worker, name="health_worker"),
    path("metrics", metrics.page, name="metrics"),
    # The address that help pages and invitations name (R-A1).
    path("user/reset_password/", password_reset, name="forgot"),
    path("", include("accounts.urls")),
    # Before the others: "user/" and "data-deletion/" are addresses of its own, too.
    path("", include("billing.urls")),
    path("", include("leaving.urls")),
    path("user/", include("allauth.account.urls")),
    path("user/two-step/", include("accounts.urls_two_step")),
    # Staff signs in like everybody, with all that this asks.
    path("admin/login/", views.staff_sign_in),
    path(
        "admin/password_change/", RedirectView.as_view(pattern_name="accounts:security")
    ),
    path("admin/", admin.site.urls),
    path("", include("profiles.urls")),
    path("", include("media.urls")),
    path("", include("scheduling.urls")),
    path("", include("talent.urls")),
    path("notices/", include("notifications.urls_notices")),
    path("help/", include("support.urls_help")),
    path("", include("support.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("mail/", include("notifications.urls")))
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("ui/", views.guide, name="ui_guide"))
