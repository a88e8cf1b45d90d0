"""Translations that were begun before no longer ask for the page's address in the other language."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_slugs(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("wagtail_localize", "StringSegment").objects.filter(context__path="slug").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_news_of_today_with_words"),
        ("wagtail_localize", "0016_rename_page_revision_translationlog_revision"),
    ]

    operations = [migrations.RunPython(forget_slugs, migrations.RunPython.noop)]
