from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_audit_trail")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="account",
            name="plan",
            field=models.CharField(blank=True, max_length=16),
        ),
    ]
