"""Seals and the whole subtrees of the sealed tree; the leaves' hashes lie outside, uncompressed, to be cut out."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0002_order_of_commits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Node',
            fields=[
                ('pk', models.CompositePrimaryKey('level', 'index', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField()),
                ('index', models.BigIntegerField()),
                ('hash', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('after', models.BigIntegerField(unique=True)),
                ('root', models.BinaryField()),
                ('previous', models.BinaryField()),
                ('leaves', models.BinaryField()),
                ('made', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('after__gte', 0), ('size__gt', models.F('after'))), name='journal_seal_grows')],
            },
        ),
        migrations.RunSQL(
            "alter table journal_seal alter column leaves set storage external", migrations.RunSQL.noop
        ),
    ]
