"""The mail that invites. It holds the token, so it is sent at once and never stored."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.invitation import Invitation

log = structlog.get_logger(__name__)

# As help pages and people's mail filters know it (R-A3).
SUBJECT = "Later -- Invitation to Join."


def send_invitation(
    invitation: Invitation, token: str, *, password_asked: bool = False
) -> bool:
    """False when the mail server wouldn't take it."""
    context = {
        "invitation": invitation,
        "inviter": invitation.invited_by or invitation.account,
        "groups": [str(grant.group) for grant in invitation.grants.all()],
        "link": settings.BASE_URL + reverse("accounts:invitation_link", args=[token]),
        "password_asked": password_asked,
    }
    message = EmailMultiAlternatives(
        subject=SUBJECT,
        body=render_to_string("accounts/invitation.txt", context),
        to=[invitation.email],
    )
    html = render_to_string("accounts/invitation.html", context)
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("invitation.not_mailed", error=type(error).__name__)
        return False
    return True
