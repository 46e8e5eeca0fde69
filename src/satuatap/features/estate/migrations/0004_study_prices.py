from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('estate', '0003_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='study',
            name='prices',
            field=models.JSONField(default=dict),
        ),
    ]
