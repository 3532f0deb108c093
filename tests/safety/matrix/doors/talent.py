from __future__ import annotations

from tests.safety.matrix.act import Door, Need, get

DOORS: dict[str, Door] = {"roster/": (get(Need.SIGNED_IN),)}
