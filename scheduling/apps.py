from __future__ import annotations

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        from accounts import hooks as accounts_hooks
        from accounts.entitlements import register_meter
        from accounts.plans import Resource
        from profiles import dangers, hooks
        from scheduling import leaving, moving
        from scheduling.actions.carry import carry
        from scheduling.actions.cover import cover
        from scheduling.actions.inherit import hand_over, planned
        from scheduling.actions.leave import clear
        from scheduling.allowance import busiest
        from scheduling.endangered import endangered
        from scheduling.held import panel

        accounts_hooks.on_plan_change(cover)
        register_meter(Resource.POSTS, busiest)
        accounts_hooks.register_estate(accounts_hooks.Estate(planned, hand_over))
        hooks.register_guard(hooks.Guard(leaving.needs, clear))
        hooks.register_carrier(hooks.Carrier(moving.effects, carry, moving.left))
        hooks.register_panel(panel)
        dangers.register_oracle(endangered)
