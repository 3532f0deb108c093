from __future__ import annotations

from django.urls import path

from notifications.views import mailbox

app_name = "notifications"
urlpatterns = [
    path("", mailbox.mailbox, name="mailbox"),
    path("<int:pk>/", mailbox.mail, name="mail"),
]
