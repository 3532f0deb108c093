from __future__ import annotations

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from profiles.hooks import register_guard
        from scheduling.queries import waiting_on

        register_guard(waiting_on)
