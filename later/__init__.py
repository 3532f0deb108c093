from __future__ import annotations

from later.celery import app as celery_app

__all__ = ["celery_app"]
