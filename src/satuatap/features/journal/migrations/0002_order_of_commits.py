"""What the ORM has no type for: the writing transaction of each entry, and the numberer's floor."""

from django.db import migrations

FORWARD = """
alter table journal_entry add column xid xid8 not null default pg_current_xact_id();
create index journal_xid on journal_entry (xid);
alter table journal_numberer add column floor_xid xid8 not null default '0'::xid8;
insert into journal_numberer (id, foreign_until) values (1, 0);
"""
BACKWARD = """
delete from journal_numberer;
alter table journal_numberer drop column floor_xid;
alter table journal_entry drop column xid;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
