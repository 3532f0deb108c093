"""The plan: its owner's. Payment is off in tests of isolation: no keys."""

from __future__ import annotations

from tests.safety.matrix.act import Door, Need, also, form, get

DOORS: dict[str, Door] = {
    "settings/plan/": (get(Need.OWNER),),
    "settings/plan/checkout/": (
        form(Need.OWNER, lambda side: {"plan": "pro"}, idle=True),
    ),
    "settings/plan/billing/": (form(Need.OWNER, idle=True),),
    # Stripe's signature is the proof; there is none here.
    "hooks/billing/stripe/": (form(Need.NOTHING, statuses=also(400, 404), idle=True),),
}
