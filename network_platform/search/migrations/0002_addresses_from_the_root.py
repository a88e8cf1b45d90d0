from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Value
from django.db.models.functions import Concat


def mend(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Some documents had addresses without the slash that ends the language prefix."""
    documents = apps.get_model("search", "SearchDocument")
    documents.objects.exclude(url__startswith="/").update(url=Concat(Value("/"), F("url")))


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
