"""A grant's place knows the roles of the regrouping: planner, asset, organisation, inspectorate, secretary, mayor."""

from django.db import migrations, models

BOOTH, MALL = ["officer", "coordinator"], ["help_desk", "manager", "kiosk"]
CITY = ["keeper", "planner", "asset", "organisation", "inspectorate", "secretary", "mayor"]


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sessions_pins_city_login")]

    operations = [
        migrations.RemoveConstraint(model_name="rolegrant", name="people_grant_place"),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agency__isnull", False), ("booth_id__isnull", False), ("mall_id__isnull", False),
                    ("role__in", BOOTH),
                )
                | models.Q(("booth_id__isnull", True), ("mall_id__isnull", False), ("role__in", MALL))
                | models.Q(("booth_id__isnull", True), ("mall_id__isnull", True), ("role__in", CITY)),
                name="people_grant_place",
            ),
        ),
    ]  # fmt: skip
