"""Failed tries to sign in stand in the database: two server processes count together, and a restart forgets none."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_sign_in_factor")]

    operations = [
        migrations.CreateModel(
            name="Try",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=8)),
                ("key", models.CharField(max_length=64)),
                ("owner", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "indexes": [
                    models.Index(fields=["key", "at"], name="people_try_key"),
                    models.Index(
                        condition=models.Q(("owner", ""), _negated=True), fields=["owner"], name="people_try_owner"
                    ),
                    models.Index(fields=["at"], name="people_try_at"),
                ],
            },
        ),
    ]
