import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What is accepted already takes places in the order of acceptance, as the comparison counted it until now.
SEAT = """
INSERT INTO incubators_comparedplace
    (year, kind, size, was_published, indicator_id, money_kind, currency, figures_id, value, number)
SELECT year, kind, size, is_published, indicator_id, money_kind, currency, figures_id, value, ROW_NUMBER() OVER (
    PARTITION BY year, kind, size, is_published, indicator_id, money_kind, currency ORDER BY accepted_at, figures_id
) - 1
FROM (
    SELECT report.year, organisation.kind,
        CASE WHEN supported < 10 THEN 0 WHEN supported < 30 THEN 1 WHEN supported < 100 THEN 2
            WHEN supported IS NOT NULL THEN 3 END AS size,
        report.is_published, definition.indicator_id, figure.money_kind, figure.currency,
        figure.figures_id, figure.value, COALESCE(report.decided_at, report.updated_at) AS accepted_at
    FROM incubators_figure figure
    JOIN incubators_definition definition ON definition.id = figure.definition_id
    JOIN incubators_yearlyfigures report ON report.id = figure.figures_id AND report.status = 'accepted'
    JOIN incubators_organisation organisation ON organisation.id = report.organisation_id
    LEFT JOIN (
        SELECT of_size.figures_id, MAX(of_size.value) AS supported
        FROM incubators_figure of_size
        JOIN incubators_definition of_sizes ON of_sizes.id = of_size.definition_id
        JOIN incubators_indicator indicator ON indicator.id = of_sizes.indicator_id
        WHERE indicator.code = 'startups_supported'
        GROUP BY of_size.figures_id
    ) sizes ON sizes.figures_id = report.id
    WHERE supported IS NOT NULL OR report.is_published
) part
"""
# As far as it is known: who sent figures and edits the organisation no longer.
NOTE_WHO_LEFT = """
INSERT INTO incubators_yearlyfigures_known_to (yearlyfigures_id, user_id)
SELECT report.id, report.submitted_by_id
FROM incubators_yearlyfigures report
WHERE report.submitted_by_id IS NOT NULL AND report.import_run_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM incubators_membership member
    WHERE member.organisation_id = report.organisation_id AND member.user_id = report.submitted_by_id
)
"""


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
        migrations.RunSQL(SEAT, migrations.RunSQL.noop),
        migrations.RunSQL(NOTE_WHO_LEFT, migrations.RunSQL.noop),
    ]
