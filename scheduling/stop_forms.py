"""The forms of the stop switch and of what is on hold; the actions decide."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from accounts.models import AccessGroup
from profiles.forms import DomainForm
from profiles.models import SocialProfile
from scheduling.actions.resume import CHOICES
from scheduling.actions.stop import PLANS, REASON_LENGTH, Order, Reach
from scheduling.models import ResumePlan
from scheduling.resuming import MOST_SPACING_MIN, SPACING_MIN

GROUP, ACCOUNT = "group", "account"


def _plan(allowed: Sequence[ResumePlan], first: ResumePlan) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="What was held then",
        choices=[(plan.value, plan.label) for plan in allowed],
        initial=first,
        required=False,
    )


def _spacing() -> forms.IntegerField:
    attrs = {"min": 1, "max": MOST_SPACING_MIN, "inputmode": "numeric"}
    return forms.IntegerField(
        label="Minutes between two posts of one profile",
        initial=SPACING_MIN,
        required=False,
        widget=forms.NumberInput(attrs=attrs),
        error_messages={"invalid": "Write whole minutes."},
    )


class PlanForm(DomainForm):
    """How what was held goes on; `allowed` are the plans on offer."""

    def __init__(
        self, allowed: Sequence[ResumePlan], first: str, data: object = None
    ) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["plan"] = _plan(allowed, ResumePlan(first))
        self.fields["spacing_min"] = _spacing()

    @property
    def plan(self) -> str:
        return str(self.cleaned_data["plan"])

    @property
    def spacing_min(self) -> int:
        """Left empty: as usual."""
        found = self.cleaned_data["spacing_min"]
        return SPACING_MIN if found is None else int(found)


def lift_form(first: str, data: object = None) -> PlanForm:
    return PlanForm(PLANS, first, data)


def resume_form(data: object = None) -> PlanForm:
    return PlanForm(CHOICES, ResumePlan.NOW, data)


class StopForm(PlanForm):
    """`reach` is "group", "account" or a profile's id."""

    reach = forms.ChoiceField(label="Stop", required=False)
    reason = forms.CharField(
        label="Why",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_LENGTH}),
    )
    until = forms.CharField(
        label="Until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    field_order = ("reach", "reason", "until", "plan", "spacing_min")

    def __init__(
        self,
        group: AccessGroup,
        profiles: Sequence[SocialProfile],
        owner: bool,
        data: object = None,
    ) -> None:
        super().__init__(PLANS, ResumePlan.HOLD, data)
        self.group = group
        self.profiles = {str(profile.pk): profile for profile in profiles}
        choices = [(GROUP, f"Everything in {group.name}")]
        choices += [(pk, each.label) for pk, each in self.profiles.items()]
        if owner:
            choices.append((ACCOUNT, f"All groups of {group.account.name}"))
        self.fields["reach"].choices = choices  # type: ignore[attr-defined]
        self.fields[
            "until"
        ].help_text = (
            f"Left empty: until somebody lifts it. Times are in {group.timezone}."
        )
        self.order_fields(self.field_order)

    @property
    def asked(self) -> Reach:
        chosen = str(self.cleaned_data["reach"])
        return Reach(
            group=self.group,
            profile=self.profiles.get(chosen),
            whole=chosen == ACCOUNT,
        )

    @property
    def order(self) -> Order:
        return Order(
            reason=str(self.cleaned_data["reason"]),
            until=str(self.cleaned_data["until"]),
            plan=self.plan,
            spacing_min=self.spacing_min,
        )
