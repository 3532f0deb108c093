"""The forms of second steps, in place of allauth's own (settings.MFA_FORMS)."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, generate_totp_secret
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from accounts.signin import codes, letters, throttle
from accounts.signin.refusals import too_many
from accounts.signin.secrets import seal, unseal
from core import names
from core.crypto import Tampered
from core.errors import DomainError
from core.text import one_line

log = structlog.get_logger(__name__)

# What fido2 raises for what no authenticator would say.
NONSENSE = (AttributeError, KeyError, TypeError, ValueError)


class ActivateForm(forms.Form):
    """The secret waits in the session, sealed, until a code of it was shown."""

    code = forms.CharField(label="Code", max_length=16)

    def __init__(self, *args: Any, user: User, **more: Any) -> None:
        super().__init__(*args, **more)
        self.user = user
        self.secret = self._waiting() or self._new()

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        tries = _count(self.user)
        code = "".join(str(self.cleaned_data["code"]).split())
        if codes.matching_step(self.secret, code) is None:
            raise _incorrect()
        tries.right()
        return code

    def _waiting(self) -> str:
        sealed = context.request.session.get(SECRET_SESSION_KEY, "")
        try:
            return unseal(sealed, self.user.pk) if sealed else ""
        except Tampered:
            return ""

    def _new(self) -> str:
        secret = str(generate_totp_secret())
        context.request.session[SECRET_SESSION_KEY] = seal(secret, self.user.pk)
        return secret


class _CodeForm(forms.Form):
    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        tries, code = _count(self.user), str(self.cleaned_data["code"])
        try:
            found = codes.use(self.user, code)
        except Tampered as error:
            log.warning("second_step.unreadable", error=type(error).__name__)
            raise get_adapter().validation_error("unreadable") from None
        if found is None:
            self._wrong(tries)
            raise _incorrect()
        tries.right()
        found.user = self.user
        self.authenticator = found
        return code

    def _wrong(self, tries: throttle.Tries) -> None:
        """Whoever guesses codes has the password: its owner must know."""
        if tries.last and not context.request.user.is_authenticated:
            letters.password_known(context.request, self.user)


class CodeForm(_CodeForm, AuthenticateForm):  # type: ignore[misc]
    """At the second step of signing in."""


class CodeAgainForm(_CodeForm, ReauthenticateForm):  # type: ignore[misc]
    """Before a dangerous act."""


class _PasskeyForm(forms.Form):
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            raise
        except NONSENSE:
            raise _incorrect() from None


class PasskeyStepForm(_PasskeyForm, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeySignInForm(_PasskeyForm, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(_PasskeyForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label="Name", max_length=60)

    def clean_name(self) -> str:
        try:
            return names.checked(self.cleaned_data["name"], missing="Give it a name.")
        except DomainError as error:
            raise ValidationError(error.message) from None


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    name = forms.CharField(label="Name", max_length=60, required=False)

    def clean_name(self) -> str:
        return one_line(str(self.cleaned_data["name"]))

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except ValidationError:
            raise
        except NONSENSE:
            raise _incorrect() from None


def _count(user: User) -> throttle.Tries:
    try:
        return throttle.before_code(context.request, user)
    except throttle.TooMany as error:
        raise ValidationError(too_many(error.wait_s)) from None


def _incorrect() -> ValidationError:
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error
