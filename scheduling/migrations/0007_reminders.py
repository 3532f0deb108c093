from django.db import migrations, models

STATES = [
    ("draft", "Draft"),
    ("scheduled", "Scheduled"),
    ("claimed", "Publishing"),
    ("sending", "Publishing"),
    ("processing", "Processing"),
    ("published", "Published"),
    ("failed", "Failed"),
    ("held", "On hold"),
    ("missed", "Missed"),
    ("unconfirmed", "Needs check"),
    ("cancelled", "Cancelled"),
    ("reminder", "Time to post"),
    ("done", "Posted by hand"),
]
EVENTS = [
    ("created", "Created"),
    ("edited", "Edited"),
    ("scheduled", "Scheduled"),
    ("moved", "Moved"),
    ("drafted", "Back to draft"),
    ("deleted", "Deleted"),
    ("retried", "Try again"),
    ("decided", "Decided"),
    ("resumed", "Resumed"),
    ("dropped", "Dropped"),
    ("stopped", "Stopped"),
    ("posted", "Posted by hand"),
]
WAYS = [
    ("auto", "Auto Publish"),
    ("reminder", "Reminder"),
    ("plan", "Reminder, by the plan"),
]


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0006_on_hold")]

    operations = [
        migrations.AddField(
            model_name="target",
            name="publish_by",
            field=models.CharField(choices=WAYS, default="auto", max_length=8),
        ),
        migrations.AlterField(
            model_name="target",
            name="state",
            field=models.CharField(choices=STATES, default="draft", max_length=12),
        ),
        migrations.AlterField(
            model_name="postevent",
            name="kind",
            field=models.CharField(choices=EVENTS, max_length=16),
        ),
    ]
