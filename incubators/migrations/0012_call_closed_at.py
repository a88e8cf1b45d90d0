from django.db import migrations, models
from django.db.models import F


def keep_when(apps, schema_editor):
    """Of calls that stand closed before their end, the last write is the best that is known."""
    closed = apps.get_model("incubators", "OpenCall").objects.filter(status="closed")
    closed.filter(updated_at__lt=F("closes_at")).update(closed_at=F("updated_at"))


class Migration(migrations.Migration):

    dependencies = [
        ('incubators', '0011_compared_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='opencall',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(keep_when, migrations.RunPython.noop),
    ]
