"""A session's row says which second factor was shown when it was opened."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_roles_of_the_city")]

    operations = [
        migrations.AddField(
            model_name="signin",
            name="factor",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="signin",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__in", ["", "totp", "webauthn", "recovery_codes"])),
                name="people_signin_factor",
            ),
        ),
    ]
