"""The library and its files."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.rights import Right
from tests.safety.matrix.act import Door, Need, form, get
from tests.safety.matrix.world import png

_LIBRARY = "g/<uuid:group_id>/media/"
_ITEM = f"{_LIBRARY}<uuid:item_id>/"
_FILE = "files/<uuid:group_id>/<uuid:item_id>/"

DOORS: dict[str, Door] = {
    _LIBRARY: (get(Need.ROLE),),
    f"{_LIBRARY}upload/": (
        form(
            Right.MEDIA,
            lambda side: {"file": SimpleUploadedFile("a.png", png(), "image/png")},
        ),
    ),
    _ITEM: (get(Need.ROLE), form(Right.MEDIA, lambda side: {"alt_text": "A boat"})),
    f"{_ITEM}delete/": (form(Right.MEDIA),),
    f"{_FILE}thumb": (get(Need.ROLE),),
    f"{_FILE}original": (get(Need.ROLE),),
    # Platforms can't sign in: the signature in the address is the right.
    "m/<str:token>/<str:name>": (get(Need.NOTHING),),
}
