from collections import Counter

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Coalesce


BATCH = 2000
SIZES = (10, 30, 100)


def seat(apps, schema_editor):
    """What is accepted already takes places in the order of acceptance, as the comparison counted it until now."""
    Figure, ComparedPlace = apps.get_model("incubators", "Figure"), apps.get_model("incubators", "ComparedPlace")
    accepted = Figure.objects.filter(figures__status="accepted").annotate(
        at=Coalesce("figures__decided_at", "figures__updated_at")
    )
    supported = accepted.filter(definition__indicator__code="startups_supported").order_by()
    sizes = {pk: sum(value >= least for least in SIZES) for pk, value in supported.values_list("figures", "value")}
    rows = accepted.order_by("at", "figures", "pk").values_list(
        "figures__organisation__kind", "figures__year", "figures__is_published", "definition__indicator", "money_kind",
        "currency", "figures", "value",
    )
    numbers, made = Counter(), []
    for *line, figures, value in rows.iterator(BATCH):
        kind, year, was_published, indicator, money_kind, currency = line
        size = sizes.get(figures)
        if size is None and not was_published:
            continue
        place = ComparedPlace(
            kind=kind, size=size, year=year, was_published=was_published, indicator_id=indicator, money_kind=money_kind,
            currency=currency, number=numbers[size, *line], figures_id=figures, value=value,
        )
        numbers[size, *line] += 1
        made.append(place)
        if len(made) == BATCH:
            ComparedPlace.objects.bulk_create(made)
            made = []
    ComparedPlace.objects.bulk_create(made)


def note_who_left(apps, schema_editor):
    """As far as it is known: who sent figures and edits the organisation no longer."""
    YearlyFigures, Membership = apps.get_model("incubators", "YearlyFigures"), apps.get_model("incubators", "Membership")
    edits = Membership.objects.filter(
        organisation=models.OuterRef("organisation"), user=models.OuterRef("submitted_by")
    )
    sent = YearlyFigures.objects.filter(submitted_by__isnull=False, import_run=None).exclude(models.Exists(edits))
    Known = YearlyFigures.known_to.through
    Known.objects.bulk_create(
        (Known(yearlyfigures_id=pk, user_id=person) for pk, person in sent.values_list("pk", "submitted_by")),
        batch_size=BATCH,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('incubators', '0010_sum_places'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='yearlyfigures',
            name='known_to',
            field=models.ManyToManyField(editable=False, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='sumplace',
            name='figures',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incubators.yearlyfigures'),
        ),
        migrations.CreateModel(
            name='ComparedPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('money_kind', models.CharField(blank=True, choices=[('grant', 'Grants and prizes'), ('equity', 'Equity'), ('loan', 'Loans'), ('other', 'Other money')], max_length=10)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('number', models.PositiveIntegerField()),
                ('value', models.DecimalField(decimal_places=2, max_digits=16)),
                ('kind', models.CharField(choices=[('incubator', 'Business incubator'), ('accelerator', 'Accelerator'), ('technopark', 'Technology park'), ('university_incubator', 'University incubator or start-up centre'), ('hub', 'Hub or innovation centre'), ('coworking', 'Co-working space'), ('agency', 'Government agency or ministry'), ('venture_fund', 'Venture fund'), ('angel_network', 'Business angel network'), ('it_school', 'IT school'), ('association', 'Association, chamber or network'), ('other', 'Other')], max_length=30)),
                ('size', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('was_published', models.BooleanField()),
                ('figures', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='incubators.yearlyfigures')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incubators.indicator')),
            ],
            options={
                'verbose_name': 'place in a comparison',
                'verbose_name_plural': 'places in comparisons',
                'ordering': ['year', 'kind', 'size', 'was_published', 'indicator', 'money_kind', 'currency', 'number'],
                'constraints': [models.UniqueConstraint(fields=('year', 'kind', 'size', 'was_published', 'indicator', 'money_kind', 'currency', 'number'), name='compared_place_once'), models.UniqueConstraint(fields=('figures', 'indicator', 'money_kind', 'currency'), name='compared_place_of_a_number')],
            },
        ),
        migrations.RunPython(seat, migrations.RunPython.noop),
        migrations.RunPython(note_who_left, migrations.RunPython.noop),
    ]
