"""The clock as SQL: one function that everything reads, and guards that no code can go round."""

from django.db import migrations

FORWARD = """
create function mall_time(anchor_mall timestamptz, anchor_real timestamptz, speed double precision)
returns timestamptz language sql stable as $$ select $1 + (now() - $2) * $3 $$;

-- PL/pgSQL, because its plan is kept between calls; now() is the statement's own moment, so one statement has one time.
create function mall_now(wanted smallint) returns timestamptz language plpgsql stable as $$
declare moment timestamptz;
begin
  select mall_time(c.anchor_mall, c.anchor_real, c.speed) into moment from malls_clock c where c.mall_id = wanted;
  return coalesce(moment, now());
end $$;

create function malls_guard_clock() returns trigger language plpgsql as $$
declare
  demo boolean;
  before timestamptz;
begin
  select m.demo into demo from malls_mall m where m.id = new.mall_id for no key update;
  if not demo and (new.speed <> 1 or new.anchor_mall <> new.anchor_real) then
    raise exception 'only a demo mall may have a clock of its own' using errcode = 'check_violation';
  end if;
  -- What the mall has shown already: its last heartbeat and its newest facts. A clock that ran on in an empty house
  -- while nobody served may be set back to where it stood, but never before that.
  select greatest(
    (select h.at from malls_heartbeat h where h.mall_id = new.mall_id),
    (select max(e.at) from (select at from journal_entry where mall = new.mall_id order by id desc limit 200) e))
  into before;
  -- By the time of this very moment, not of the transaction's start: others have written since.
  if new.anchor_mall + (clock_timestamp() - new.anchor_real) * new.speed < before then
    raise exception 'the clock of a mall never runs backwards' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger malls_guard_clock before insert or update on malls_clock
  for each row execute function malls_guard_clock();

create function malls_guard_demo() returns trigger language plpgsql as $$
begin
  if old.demo and not new.demo and exists (
    select from malls_clock c where c.mall_id = new.id and (c.speed <> 1 or c.anchor_mall <> c.anchor_real)) then
    raise exception 'a mall with a clock of its own stays a demo' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger malls_guard_demo before update of demo on malls_mall for each row execute function malls_guard_demo();
"""
BACKWARD = """
drop trigger malls_guard_demo on malls_mall;
drop trigger malls_guard_clock on malls_clock;
drop function malls_guard_demo();
drop function malls_guard_clock();
drop function mall_now(smallint);
drop function mall_time(timestamptz, timestamptz, double precision);
"""


class Migration(migrations.Migration):
    dependencies = [("malls", "0001_initial"), ("journal", "0002_order_of_commits")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
