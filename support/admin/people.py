"""Customers: people, accounts, Access Groups, invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.invitation import Invitation
from accounts.models import AccessGroup, Account, Membership, User
from accounts.people import accounts_of, with_address
from profiles.models import SocialProfile, SocialSet
from scheduling.models import Post
from support import rights
from support.admin.base import StaffAdmin
from support.admin.panels import Panel, link, panel
from support.rights import Ability


@admin.register(User)
class UserAdmin(StaffAdmin):
    list_display = ("email", "name", "is_active", "date_joined", "last_login")
    ordering = ("email",)
    word_lookups = ("email__istartswith", "name__istartswith")
    linked_by = ("memberships__group",)
    fields = (
        "id",
        "email",
        "name",
        "timezone",
        "is_active",
        "date_joined",
        "last_login",
    )
    search_help_text = "The beginning of an e-mail address or a name, or an id."

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Colleagues are not customers: who is staff stands in the audit trail."""
        return super().get_queryset(request).filter(is_staff=False)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """A whole address has an index, the beginning of one hasn't."""
        known = with_address(search_term.strip())
        if known is not None:
            return queryset.filter(pk=known.pk), False
        return super().get_search_results(request, queryset, search_term)

    def account_of(self, row: User) -> Account | None:
        return accounts_of(row).first()

    def panels(self, request: HttpRequest, row: User) -> list[Panel]:
        accounts = accounts_of(row).select_related("owner").order_by("pk")
        groups = AccessGroup.objects.filter(memberships__user=row)
        roles = dict(
            Membership.objects.filter(user=row).values_list("group", "role")[:1000]
        )
        asked = Invitation.objects.filter(email__iexact=row.email)
        return [
            *panel(
                request,
                "Accounts",
                accounts,
                {"Account": link, "Owner": lambda each: each.owner},
            ),
            *panel(
                request,
                "Access Groups",
                groups.select_related("account"),
                {
                    "Group": link,
                    "Role": lambda each: roles.get(each.pk, ""),
                    "Account": lambda each: each.account,
                },
                memberships__user=row.pk,
            ),
            *panel(
                request,
                "Invitations",
                asked.select_related("account"),
                {"To": link, "Account": lambda each: each.account, "State": state_of},
            ),
        ]

    def tools(self, request: HttpRequest, row: User) -> list[tuple[str, str]]:
        if not rights.may(request.user, Ability.ACT):
            return []
        return [("Look as this person", reverse("admin:acting_begin", args=[row.pk]))]


@admin.register(Account)
class AccountAdmin(StaffAdmin):
    list_display = ("name", "owner", "created_at")
    list_select_related = ("owner",)
    id_lookups = ("pk", "owner")
    word_lookups = ("name__istartswith", "owner__email__istartswith")
    fields = ("id", "name", "owner", "created_at")
    search_help_text = "The beginning of its name or its owner's address, or an id."

    def account_of(self, row: Account) -> Account:
        return row

    def panels(self, request: HttpRequest, row: Account) -> list[Panel]:
        people = User.objects.filter(memberships__group__account=row).distinct()
        return [
            *panel(
                request,
                "Access Groups",
                row.groups.order_by("name", "pk"),
                {"Group": link, "Zone": lambda each: each.timezone},
                account=row.pk,
            ),
            *panel(
                request,
                "People",
                people.order_by("email"),
                {"Person": lambda each: link(each, each.email), "Name": str},
            ),
            *panel(
                request,
                "Invitations",
                row.invitations.all(),
                {"To": link, "State": state_of, "Until": lambda each: each.expires_at},
                account=row.pk,
            ),
        ]


@admin.register(AccessGroup)
class AccessGroupAdmin(StaffAdmin):
    account_path = "account"
    list_display = ("name", "account", "timezone", "created_at")
    list_select_related = ("account",)
    id_lookups = ("pk", "account")
    word_lookups = ("name__istartswith",)
    linked_by = ("account", "memberships__user")
    fields = ("id", "name", "account", "timezone", "created_at")
    search_help_text = "The beginning of its name, its id, or its account's."

    def panels(self, request: HttpRequest, row: AccessGroup) -> list[Panel]:
        roles = dict(row.memberships.values_list("user", "role")[:1000])
        people = User.objects.filter(memberships__group=row).order_by("email")
        profiles = SocialProfile.objects.filter(group=row, removed_at=None)
        return [
            *panel(
                request,
                "People",
                people,
                {
                    "Person": lambda each: link(each, each.email),
                    "Role": lambda each: roles.get(each.pk, ""),
                },
                memberships__group=row.pk,
            ),
            *panel(
                request,
                "Social Sets",
                SocialSet.objects.filter(group=row),
                {"Set": link},
                group=row.pk,
            ),
            *panel(
                request,
                "Profiles",
                profiles.select_related("connection"),
                {
                    "Profile": link,
                    "Platform": lambda each: each.platform,
                    "State": lambda each: each.connection.get_state_display(),
                },
                group=row.pk,
            ),
            *panel(
                request,
                "Posts, newest time first",
                Post.objects.filter(group=row).order_by("-scheduled_at"),
                {"Post": link, "Time": lambda each: each.scheduled_at},
                group=row.pk,
            ),
        ]


@admin.register(Invitation)
class InvitationAdmin(StaffAdmin):
    account_path = "account"
    list_display = ("email", "account", "invited_by", "state", "expires_at")
    list_select_related = ("account", "invited_by")
    id_lookups = ("pk", "account")
    word_lookups = ("email__istartswith", "asked_email__istartswith")
    linked_by = ("account",)
    fields = (
        "id",
        "account",
        "email",
        "asked_email",
        "name",
        "state",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
        "revoked_at",
        "accepted_at",
        "accepted_by",
    )
    search_help_text = "The beginning of the invited address, or an id."

    @admin.display(description="State")
    def state(self, invitation: Invitation) -> str:
        return state_of(invitation)

    def panels(self, request: HttpRequest, row: Invitation) -> list[Panel]:
        groups = AccessGroup.objects.filter(invitationgrant__invitation=row)
        roles = dict(row.grants.values_list("group", "role")[:1000])
        columns: dict[str, Callable[[Any], object]] = {
            "Group": link,
            "Role": lambda each: roles.get(each.pk, ""),
        }
        return list(panel(request, "Gives", groups, columns))

    def tools(self, request: HttpRequest, row: Invitation) -> list[tuple[str, str]]:
        waits = row.accepted_at is None and row.revoked_at is None
        if not waits or not rights.may(request.user, Ability.READDRESS):
            return []
        here = reverse("admin:invitation_readdress", args=[row.pk])
        return [("Send to another address", here)]


def state_of(invitation: Any) -> str:
    if invitation.accepted_at:
        return "Accepted"
    if invitation.revoked_at:
        return "Taken back"
    return "Ran out" if invitation.ran_out else "Waiting"
