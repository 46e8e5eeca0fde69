"""The journal's SQL, each statement once. Hot statements of others carry ``APPEND_COLUMNS``."""

from __future__ import annotations

# What every append names; the rest (id, xid, salt, real_at) the table fills in itself.
APPEND_COLUMNS = "(at, kind, who, mall, visit_id, request, fact)"

APPEND = f"""
insert into journal_entry {APPEND_COLUMNS}
values (coalesce(%(at)s, mall_now(%(mall)s::smallint)), %(kind)s, %(who)s, %(mall)s, %(visit)s, %(request)s, %(fact)s)
returning id, at
"""

# One numberer at a time; the lock is given back at the end of its own short transaction.
NUMBERER_LOCK = "select pg_try_advisory_xact_lock(72615, 1)"

# A dump restored into a new cluster carries xids that are ahead of this cluster's. They are numbered by the full
# anti-join and then left behind by id, because comparing them with this cluster's snapshots would mean nothing.
SEE_FOREIGN = """
update journal_numberer n set
  floor_xid = '0'::xid8,
  foreign_until = coalesce((select max(e.id) from journal_entry e
                            where e.xid >= pg_snapshot_xmax(pg_current_snapshot())), n.foreign_until)
where n.floor_xid > pg_snapshot_xmax(pg_current_snapshot())
"""

# Everything visible, at or above the floor and without a position, in the order of ids; then the floor rises to the
# snapshot's xmin: below it every transaction has ended, and what it committed was visible here and is numbered now.
# Without its one row nothing is skipped, only the floor is lost: the full anti-join.
NUMBER = """
with state as materialized (
  select coalesce(max(floor_xid::text), '0')::xid8 as floor_xid, coalesce(max(foreign_until), 0) as foreign_until
  from journal_numberer where id = 1),
fresh as materialized (
  select e.id from journal_entry e, state s
  where (e.xid >= s.floor_xid and e.id > s.foreign_until
         or s.floor_xid = '0'::xid8)
    and not exists (select from journal_position p where p.entry_id = e.id)
  order by e.id limit 5000),
base as materialized (
  select coalesce(max(position), 0) as last from journal_position),
placed as (
  insert into journal_position (position, entry_id)
  select base.last + row_number() over (order by fresh.id), fresh.id from fresh, base
  returning position),
risen as (
  update journal_numberer n set floor_xid = pg_snapshot_xmin(pg_current_snapshot())
  where n.id = 1 and (select count(*) from fresh) < 5000
    and n.floor_xid < pg_snapshot_xmin(pg_current_snapshot()))
select count(*), coalesce(max(position), (select last from base)) from placed
"""

AFTER = """
select p.position, e.id, e.at, e.real_at, e.kind, e.who, e.mall, e.visit_id, e.fact
from journal_position p join journal_entry e on e.id = p.entry_id
where p.position > %(after)s order by p.position limit %(limit)s
"""

LAST = "select coalesce(max(position), 0) from journal_position"
NEWEST = f"select ({LAST}), (select coalesce(max(id), 0) from journal_entry)"

# What is sealed of each entry; its leaf's bytes are made in leaves.py. An entry that is gone is a row of nulls.
LEAVES = """
select p.position, p.entry_id, e.id, (extract(epoch from e.at) * 1000000)::bigint,
  (extract(epoch from e.real_at) * 1000000)::bigint, e.kind, e.who, e.mall, e.visit_id, e.request::text, e.fact::text,
  e.salt::text
from journal_position p left join journal_entry e on e.id = p.entry_id
where p.position > %(after)s and p.position <= %(until)s order by p.position
"""

# One sealer at a time, to the end of its transaction; a second one goes home.
SEALER_LOCK = "select pg_try_advisory_xact_lock(72615, 2)"

# Whether anything but seals was told since: a seal alone needs no further seal.
ANYTHING_ELSE = """
select exists (select from journal_position p join journal_entry e on e.id = p.entry_id
               where p.position > %(after)s and p.position <= %(until)s and e.kind <> 'journal_sealed')
"""

# The sealed hashes of the leaves after one position and up to another, in order, cut out of the seals that hold them.
SEALED_LEAVES = """
select substring(s.leaves from (greatest(%(after)s - s.after, 0) * 32 + 1)::int
                 for ((least(%(until)s, s.size) - greatest(%(after)s, s.after)) * 32)::int)
from journal_seal s where s.size > %(after)s and s.after < %(until)s order by s.size
"""
