"""An index over the few entries of which only the newest is asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_seals")]
    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("kind__in", ("clock_jumped", "clock_settled", "journal_checked"))),
                fields=["kind", "id"],
                name="journal_rare",
            ),
        )
    ]
