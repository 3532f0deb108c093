from django.db import migrations
from django.db.models import F
from django.db.models.functions import Lower


def forget(apps, schema_editor):
    """Addresses beside one's own that nobody proved: Forgot password would write there."""
    rows = apps.get_model("account", "EmailAddress").objects
    unproven = rows.filter(verified=False, primary=False)
    ids = unproven.exclude(email=Lower(F("user__email"))).values_list("pk", flat=True)
    rows.filter(pk__in=list(ids)).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_two_step"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
