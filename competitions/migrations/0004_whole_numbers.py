"""Questions that ask for a whole number."""

from django.db import migrations, models

KINDS = [
    ("short_text", "short text"),
    ("long_text", "long text"),
    ("choice", "choice"),
    ("number", "number"),
    ("whole_number", "whole number"),
    ("file", "file"),
    ("url", "web address"),
]


class Migration(migrations.Migration):
    dependencies = [("competitions", "0003_guards_of_what_is_locked")]

    operations = [
        migrations.AlterField(model_name="question", name="kind", field=models.CharField(choices=KINDS, max_length=12)),
    ]
