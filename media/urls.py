from __future__ import annotations

from django.urls import path

from media import views

app_name = "media"
_ITEM = "g/<uuid:group_id>/media/<uuid:item_id>/"
urlpatterns = [
    path("g/<uuid:group_id>/media/", views.library, name="library"),
    path("g/<uuid:group_id>/media/upload/", views.upload_file, name="upload"),
    path(_ITEM, views.edit, name="edit"),
    path(f"{_ITEM}delete/", views.delete, name="delete"),
    path(f"{_ITEM}thumb/", views.thumb, name="thumb"),
    path(f"{_ITEM}original/", views.original, name="original"),
    path("m/<str:token>/<str:name>", views.public, name="public"),
]
