from __future__ import annotations

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from profiles.hooks import register_guard, register_panel
        from scheduling.held import panel
        from scheduling.queries import waiting_on

        register_guard(waiting_on)
        register_panel(panel)
