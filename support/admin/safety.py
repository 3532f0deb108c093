"""What staff did, and what was erased: for the auditor."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from accounts.audit import AuditEntry
from profiles.erasure import Erasure
from support import rights
from support.acting import Acting
from support.admin.base import StaffAdmin
from support.rights import Ability


@admin.register(AuditEntry)
class AuditEntryAdmin(StaffAdmin):
    search_first = False
    list_display = ("when", "actor", "verb", "words", "account", "reason", "address")
    list_filter = ("staff",)
    id_lookups = ("actor_id", "account_id", "object_id")
    word_lookups = ("actor__istartswith", "verb__istartswith", "request_id")
    fields = (
        "when",
        "actor",
        "actor_id",
        "staff",
        "verb",
        "object_type",
        "object_id",
        "words",
        "account",
        "account_id",
        "reason",
        "address",
        "agent",
        "request_id",
    )
    search_help_text = (
        "Who (address), what (such as acting.begun), or an id: of a person, an "
        "account, or what it was done to."
    )
    change_list_template = "admin/audit_list.html"

    @admin.display(description="When", ordering="id")
    def when(self, entry: AuditEntry) -> str:
        return f"{entry.at:%Y-%m-%d %H:%M:%S}"

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        may_export = rights.may(request.user, Ability.EXPORT_AUDIT)
        return super().changelist_view(request, {"may_export": may_export})


@admin.register(Acting)
class ActingAdmin(StaffAdmin):
    account_path = "account"
    search_first = False
    list_display = ("begun_at", "staff", "customer", "account", "reason", "over_at")
    list_select_related = ("staff", "customer", "account")
    id_lookups = ("pk", "staff", "customer", "account")
    word_lookups = ("staff__email__istartswith", "customer__email__istartswith")
    ordering = ("-begun_at",)
    # In words: Django would link each to a page that its reader may not open.
    fields = (
        "id",
        "who",
        "whose",
        "where",
        "reason",
        "begun_at",
        "until",
        "over_at",
    )
    search_help_text = "The address of either person, or an id."

    @admin.display(description="Staff")
    def who(self, acting: Acting) -> str:
        return acting.staff.email

    @admin.display(description="Customer")
    def whose(self, acting: Acting) -> str:
        return acting.customer.email

    @admin.display(description="Account")
    def where(self, acting: Acting) -> str:
        return str(acting.account or "")

    @admin.display(description="Over at")
    def over_at(self, acting: Acting) -> object:
        return acting.over_at


@admin.register(Erasure)
class ErasureAdmin(StaffAdmin):
    search_first = False
    list_display = ("platform", "received_at", "done_at", "profiles", "tokens")
    ordering = ("-received_at",)
    id_lookups = ("pk",)
    word_lookups = ("platform__istartswith", "code")
    fields = (
        "id",
        "platform",
        "asked_at",
        "received_at",
        "done_at",
        "profiles",
        "tokens",
    )
    search_help_text = "The code that the person was given, or the platform."
