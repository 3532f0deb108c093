"""The form under E-mail addresses. Apart from accounts.forms, which allauth imports."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from accounts.actions.addresses import key_for
from accounts.signin.throttle import may_mail

log = structlog.get_logger(__name__)


class AddAddressForm(AddEmailForm):  # type: ignore[misc]
    """allauth would keep an address that nobody proved, and for that reason refuse one
    to whoever has a second step. Ours is only a link in a mail until it is opened."""

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"]).lower()
        adapter = get_adapter()
        mine = EmailAddress.objects.filter(user=self.user, email=address)
        if mine.exists() or self.user.email.lower() == address:
            raise adapter.validation_error("duplicate_email")
        if not EmailAddress.objects.can_add_email(self.user):
            most = settings.ACCOUNT_MAX_EMAIL_ADDRESSES
            raise adapter.validation_error("max_email_addresses", most)
        return address

    def save(self, request: HttpRequest) -> EmailAddress:
        """The same words and the same mail, whoever has the address already: only its
        mailbox learns more."""
        address = self.cleaned_data["email"]
        mailed = not may_mail(address) or self._mail(address)
        words = f"We sent a link to {address}. Open it here within a day."
        if mailed:
            messages.info(request, words)
        else:
            messages.warning(request, "The mail couldn't be sent now. Try again later.")
        return EmailAddress(user=self.user, email=address)

    def _mail(self, address: str) -> bool:
        key = key_for(self.user, address)
        link = {"confirm_url": reverse("accounts:confirm_address", args=[key])}
        context = {"user": self.user, **link}
        try:
            get_adapter().send_mail("account/email/address_link", address, context)
        except (SMTPException, OSError) as error:
            log.warning("address_link.not_mailed", error=type(error).__name__)
            return False
        return True
