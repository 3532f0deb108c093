"""Apart from the mailbox, which exists in the demo only."""

from __future__ import annotations

from django.urls import path

from notifications.views import notices

app_name = "notices"
urlpatterns = [
    path("", notices.listing, name="list"),
    path("zone/", notices.use_zone, name="zone"),
    path("read/", notices.read_all, name="read_all"),
    path("<int:pk>/", notices.open_notice, name="open"),
]
