from django.db import migrations, models

OUTCOMES = [
    ("ok", "Done"),
    ("waiting", "Waiting"),
    ("intent", "Started"),
    ("retry", "Will try again"),
    ("refused", "Refused"),
    ("unknown", "Not confirmed"),
    ("risk", "At risk"),
    ("reminded", "Reminded"),
]


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_pace")]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="outcome",
            field=models.CharField(choices=OUTCOMES, max_length=8),
        ),
    ]
