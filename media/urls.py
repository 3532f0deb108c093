from __future__ import annotations

from django.urls import path

from media.views import files, library

app_name = "media"
_ITEM = "g/<uuid:group_id>/media/<uuid:item_id>/"
_FILE = "files/<uuid:group_id>/<uuid:item_id>/"
urlpatterns = [
    path("g/<uuid:group_id>/media/", library.library, name="library"),
    path("g/<uuid:group_id>/media/upload/", library.upload_file, name="upload"),
    path(_ITEM, library.edit, name="edit"),
    path(f"{_ITEM}delete/", library.delete, name="delete"),
    # What people gave lies apart from pages: a proxy can serve, log and limit it alone.
    path(f"{_FILE}thumb", files.thumb, name="thumb"),
    path(f"{_FILE}original", files.original, name="original"),
    path("m/<str:token>/<str:name>", files.public, name="public"),
]
