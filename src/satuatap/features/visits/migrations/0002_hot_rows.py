"""What makes calls fast: room in the pages for updates in place, and the two partial indexes of the lines."""

from django.db import migrations

FORWARD = """
alter table visits_counter set (fillfactor = 50);
alter table visits_desk set (fillfactor = 20);
alter table visits_visit set (fillfactor = 70);
alter table visits_errand set (fillfactor = 80);
create index visits_errand_head on visits_errand (step, line, key, visit_id, seq) where state = 1;
create index visits_errand_due on visits_errand (due) where state = 1 and due is not null;
create index visits_errand_set_aside on visits_errand (done_at) where state = 5;
"""
BACKWARD = """
drop index visits_errand_set_aside;
drop index visits_errand_due;
drop index visits_errand_head;
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
