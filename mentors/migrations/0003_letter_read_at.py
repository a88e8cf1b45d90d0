from django.db import migrations, models
from django.db.models import F


def what_was_sent_before_counts_as_read(apps, schema_editor):
    apps.get_model("mentors", "Letter").objects.update(read_at=F("sent_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('mentors', '0002_request_read_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='read_at',
            field=models.DateTimeField(help_text='When the other of the two first opened it.', null=True),
        ),
        migrations.RunPython(what_was_sent_before_counts_as_read, migrations.RunPython.noop),
    ]
