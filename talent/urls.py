from __future__ import annotations

from django.urls import path

from talent import views

app_name = "talent"
urlpatterns = [path("roster/", views.roster, name="roster")]
