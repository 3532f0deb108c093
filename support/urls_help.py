from __future__ import annotations

from django.urls import path

from support.views import help as pages

app_name = "help"
urlpatterns = [
    path("", pages.help_page, name="ask"),
    path("sent/", pages.sent, name="sent"),
    path("<uuid:request_id>/", pages.request_page, name="request"),
]
