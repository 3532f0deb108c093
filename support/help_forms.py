from __future__ import annotations

from django import forms

from accounts.forms import DomainForm
from support.actions.help import LONGEST

_TEXT = forms.Textarea(attrs={"rows": 6, "class": "input"})


class ReplyForm(DomainForm):
    text = forms.CharField(label="Your message", max_length=LONGEST, widget=_TEXT)


class ReadForm(forms.Form):
    """How many words of a request stood on the page that was acted on."""

    read = forms.IntegerField(min_value=0)

    @property
    def count(self) -> int:
        return int(self.cleaned_data["read"]) if self.is_valid() else 0


class HelpForm(DomainForm):
    """`page` is where they were; `attach` sends the post's story along."""

    text = forms.CharField(
        label="What were you doing, and what did you see?",
        max_length=LONGEST,
        widget=_TEXT,
    )
    email = forms.EmailField(
        label="Your e-mail address",
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )
    page = forms.CharField(required=False, widget=forms.HiddenInput())
    attach = forms.BooleanField(
        label="Send what was tried with this post along", required=False
    )

    def __init__(self, *, signed_in: bool, story: bool, **kwargs: object) -> None:
        super().__init__(**kwargs)  # type: ignore[arg-type]
        if signed_in:
            del self.fields["email"]
        if not story:
            del self.fields["attach"]
