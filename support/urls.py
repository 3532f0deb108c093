from __future__ import annotations

from django.urls import path

from support.views import looks

app_name = "support"
urlpatterns = [
    path("support/look/end/", looks.end_look, name="end"),
    path("settings/support/", looks.history, name="history"),
]
