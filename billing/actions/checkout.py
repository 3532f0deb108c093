"""To Stripe and back: buy a plan, or look after what was bought. The owner only (R-B7).

No card ever touches us: both are pages of Stripe's own.
"""

from __future__ import annotations

import structlog
from django.conf import settings
from django.urls import reverse

from accounts.models import Account, User
from accounts.rights import require_owner
from billing import door
from billing.models import Subscription
from core import clock
from core.errors import DomainError

log = structlog.get_logger(__name__)

HAS_ONE = DomainError(
    "has_subscription",
    "There is a subscription already. Change its plan under Manage billing.",
)


def begin_checkout(*, account: Account, actor: User, plan: str) -> str:
    """The address of Stripe's page where the plan is bought."""
    require_owner(actor, account)
    price = settings.STRIPE_PRICES.get(plan)
    if price is None:
        raise DomainError("plan_unknown", "Choose one of the plans.", field="plan")
    held = Subscription.objects.filter(account=account).first()
    if held is not None and held.live:
        raise HAS_ONE
    # Pressed twice within the hour it is one page at Stripe, and bought once; what
    # Stripe has told since makes it another.
    known = held.answered if held else 0
    key = f"checkout-{account.pk}-{plan}-{known}-{clock.now():%Y%m%d%H}"
    try:
        url = door.checkout_url(_wanted(account, actor, price, held), key)
    except door.Trouble as error:
        raise _told(error) from None
    if not url:
        raise door.AWAY
    return url


def _wanted(
    account: Account, actor: User, price: str, held: Subscription | None
) -> dict[str, object]:
    mine = {"account": str(account.pk)}
    back = settings.BASE_URL + reverse("billing:plan")
    known = held is not None and held.customer_id
    who = {"customer": known} if known else {"customer_email": actor.email}
    return {
        "mode": "subscription",
        "line_items": [{"price": price, "quantity": 1}],
        "client_reference_id": str(account.pk),
        "metadata": mine,
        "subscription_data": {"metadata": mine},
        "success_url": f"{back}?bought=1",
        "cancel_url": back,
        **who,
    }


def open_portal(*, account: Account, actor: User) -> str:
    """The address of Stripe's page for cards, invoices, another plan, the end of it."""
    require_owner(actor, account)
    held = Subscription.objects.filter(account=account).first()
    if held is None or not held.customer_id:
        raise DomainError("no_subscription", "Nothing was bought yet.")
    back = settings.BASE_URL + reverse("billing:plan")
    try:
        return door.portal_url(held.customer_id, back)
    except door.Trouble as error:
        raise _told(error) from None


def _told(error: door.Trouble) -> DomainError:
    log.error("billing.refused", error=type(error).__name__, code=error.code)
    return door.AWAY
