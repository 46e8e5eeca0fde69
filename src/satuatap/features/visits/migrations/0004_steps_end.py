from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_contact")]
    operations = [
        migrations.AddField(model_name="steptime", name="open_until", field=models.DateTimeField(null=True)),
    ]
