import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
import satuatap.features.estate.states
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('estate', '0002_study_ends_once'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='forced', to='estate.study'),
        ),
        migrations.AddField(
            model_name='study',
            name='wishes',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='StudyQuestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('asked', models.JSONField()),
                ('asked_hash', models.CharField(max_length=64)),
                ('who', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('life', models.CharField(default=satuatap.features.estate.states.QuestionLife['ASKED'], max_length=20)),
                ('ended_at', models.DateTimeField(null=True)),
                ('answer', models.JSONField(null=True)),
                ('trouble', models.TextField(blank=True, default='')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='estate.study')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', ['why', 'front', 'phases', 'relax', 'doubt'])), name='estate_question_kind'),
                    models.CheckConstraint(condition=models.Q(('life__in', ['asked', 'working', 'answered', 'failed'])), name='estate_question_life'),
                    models.UniqueConstraint(fields=('study', 'kind', 'asked_hash'), name='estate_question_once'),
                ],
            },
        ),
    ]
