from __future__ import annotations

from django.urls import path

from leaving.views import data, delete, exports, receipt

app_name = "leaving"
urlpatterns = [
    path("user/data/", data.overview, name="data"),
    path("user/data/delete/", delete.leave, name="leave"),
    path("settings/account/delete/", delete.account, name="delete_account"),
    path("settings/export/", exports.begin, name="export"),
    path("settings/export/<uuid:export_id>/", exports.state, name="export_state"),
    path(
        "settings/export/<uuid:export_id>/cancel/",
        exports.call_off,
        name="cancel_export",
    ),
    path("settings/export/<uuid:export_id>/file/", exports.file, name="export_file"),
    # Also the receipts of what platforms asked us to erase.
    path("data-deletion/<str:code>/", receipt.receipt, name="receipt"),
]
