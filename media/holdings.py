from __future__ import annotations

from core.holdings import Batches, Holding, Section
from media.models import MediaItem, Rendition

HOLDINGS = (
    Holding(
        MediaItem,
        export=Section(
            "media",
            (
                "id",
                "group__name",
                "name",
                "kind",
                "mime",
                "extension",
                "size",
                "width",
                "height",
                "duration_s",
                "sha256",
                "alt_text",
                "uploaded_by__name",
                "created_at",
            ),
        ),
        account="group__account",
        mentions=("uploaded_by",),
        batches=Batches(100, files=("file",)),
    ),
    Holding(
        Rendition,
        export="Copies that are made anew from the originals.",
        account="item__group__account",
        batches=Batches(300, files=("file",)),
    ),
)
