from collections import Counter

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce


BATCH = 2000


def seat(apps, schema_editor):
    """What is accepted already takes places in the order of acceptance, as the sums counted it until now."""
    Figure, SumPlace = apps.get_model("incubators", "Figure"), apps.get_model("incubators", "SumPlace")
    accepted = Figure.objects.filter(figures__status="accepted").annotate(
        at=Coalesce("figures__decided_at", "figures__updated_at")
    )
    rows = accepted.order_by("at", "figures", "pk").values_list(
        "figures__organisation__country", "figures__year", "definition__indicator", "money_kind", "currency",
        "figures", "value",
    )
    numbers, made = Counter(), []
    for *line, figures, value in rows.iterator(BATCH):
        country, year, indicator, kind, currency = line
        place = SumPlace(
            country_id=country, year=year, indicator_id=indicator, money_kind=kind, currency=currency,
            number=numbers[tuple(line)], figures_id=figures, value=value,
        )
        numbers[tuple(line)] += 1
        made.append(place)
        if len(made) == BATCH:
            SumPlace.objects.bulk_create(made)
            made = []
    SumPlace.objects.bulk_create(made)


class Migration(migrations.Migration):

    dependencies = [
        ('incubators', '0009_founder_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='SumPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('money_kind', models.CharField(blank=True, choices=[('grant', 'Grants and prizes'), ('equity', 'Equity'), ('loan', 'Loans'), ('other', 'Other money')], max_length=10)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('number', models.PositiveIntegerField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=16)),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incubators.country')),
                ('figures', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sum_places', to='incubators.yearlyfigures')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incubators.indicator')),
            ],
            options={
                'verbose_name': 'place in a public sum',
                'verbose_name_plural': 'places in public sums',
                'ordering': ['country', 'year', 'indicator', 'money_kind', 'currency', 'number'],
                'constraints': [models.UniqueConstraint(fields=('country', 'year', 'indicator', 'money_kind', 'currency', 'number'), name='sum_place_once')],
            },
        ),
        migrations.RunPython(seat, migrations.RunPython.noop),
    ]
