from __future__ import annotations

from django.urls import path

from billing import views

app_name = "billing"
urlpatterns = [
    path("settings/plan/", views.plan, name="plan"),
    path("settings/plan/checkout/", views.checkout, name="checkout"),
    path("settings/plan/billing/", views.portal, name="portal"),
    path("hooks/billing/stripe/", views.stripe_hook, name="stripe_hook"),
]
