"""An account that is being deleted is forgotten at Stripe, too: nothing is paid any more.

Off the request path; asked again until Stripe has answered (leaving.actions.erase).
"""

from __future__ import annotations

from uuid import UUID

import structlog

from billing import door
from billing.models import Status, Subscription

log = structlog.get_logger(__name__)


def forget(account_id: UUID) -> bool:
    """Whether Stripe knows nothing of it any more. Invoices stay there, as laws ask."""
    held = Subscription.objects.filter(account=account_id).first()
    if held is None or not held.customer_id:
        return True
    if door.enabled() and not _forgotten(held):
        return False
    Subscription.objects.filter(pk=held.pk).update(
        customer_id="", subscription_id="", status=Status.CANCELED
    )
    return True


def _forgotten(held: Subscription) -> bool:
    try:
        door.forget_customer(held.customer_id)
    except door.Trouble as error:
        log.warning("billing.not_forgotten", error=type(error).__name__)
        return False
    return True
