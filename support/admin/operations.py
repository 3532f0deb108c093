"""How the installation fares: for those who run it, without customers' data."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from profiles.client_registration import ClientRegistration
from publishing.models import Alarm, Heartbeat, Pause
from support.admin.base import StaffAdmin


@admin.register(Alarm)
class AlarmAdmin(StaffAdmin):
    search_first = False
    list_display = ("key", "title", "since", "seen_at", "told_at")
    word_lookups = ("key__istartswith", "title__istartswith")
    fields = ("key", "title", "text", "since", "seen_at", "told_at")


@admin.register(Heartbeat)
class HeartbeatAdmin(StaffAdmin):
    search_first = False
    list_display = ("name", "seen_at", "slots", "ahead_ms")
    word_lookups = ("name__istartswith",)
    fields = ("name", "seen_at", "slots", "ahead_ms")


@admin.register(Pause)
class PauseAdmin(StaffAdmin):
    search_first = False
    list_display = ("platform", "scope", "until", "strikes", "code")
    word_lookups = ("platform__istartswith", "scope")
    fields = ("platform", "scope", "until", "strikes", "struck_at", "code", "reason")


@admin.register(ClientRegistration)
class ClientRegistrationAdmin(StaffAdmin):
    search_first = False
    list_display = ("platform", "server", "registered_at")
    word_lookups = ("server__istartswith", "platform")
    fields = ("platform", "server", "registered_at", "lease_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientRegistration]:
        return super().get_queryset(request).defer("sealed")
