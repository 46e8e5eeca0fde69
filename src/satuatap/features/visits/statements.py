"""The hot SQL of visits, each statement once: issue, call next, start, finish, with the journal row inside.

Each runs alone in its own transaction (autocommit) and locks in the house's order: desk, visit, errand, counter,
journal. Actions and ``web.live`` both run them; tests hold them equal to ``rules``. All times are the mall's.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from satuatap.features.journal.statements import APPEND_COLUMNS

Params = Mapping[str, Any]

_SNAP = "pg_current_snapshot()::text"


def _ms(moment: str) -> str:
    # A bare cast would round; the rules round down.
    return f"floor(extract(epoch from {moment}) * 1000)::bigint"


# One number for all errands. The counter row is held until commit, so it comes as late as its number allows.
ISSUE = f"""
with f as materialized (
  select fl.mall, fl.policy, fl.zone, fl.open_from, fl.open_until, fl.closed_day, mall_now(fl.mall) as t,
         c.line, c.base, c.a, c.b, p.weight_remaining as w, p.cap
  from visits_floor fl
  join visits_policy p on p.id = fl.policy
  join visits_policyclass c on c.policy_id = fl.policy and c.class = %(class)s::smallint
  where fl.mall = %(mall)s::smallint
    and not exists (select from journal_entry where request = %(request)s::uuid)),
g as materialized (
  select f.*, {_ms("f.t")} as t_ms, (f.t at time zone f.zone)::date as day from f
  where f.t >= f.open_from and f.t < f.open_until
    and f.closed_day is distinct from (f.t at time zone f.zone)::date),
wanted as materialized (
  select (u.place - 1)::smallint as seq, u.step, u.after, s.service, s.expected_ms
  from g cross join unnest(%(steps)s::smallint[], %(after)s::smallint[]) with ordinality as u(step, after, place)
  join visits_steptime s on s.mall = g.mall and s.step = u.step and s.active
    and (s.open_until is null or g.t < s.open_until)),
sums as materialized (select count(*)::smallint as n, sum(expected_ms)::int as m from wanted),
c as (
  insert into visits_counter as k (mall, day, last)
  select g.mall, g.day, 1 from g, sums where sums.n > 0 and sums.n = cardinality(%(steps)s::smallint[])
  on conflict (mall, day) do update set last = k.last + 1 returning day, last),
v as (
  insert into visits_visit (mall, day, number, class, arrived_at, state, rev, done, left_n, token, code, channel)
  select g.mall, c.day, c.last, %(class)s::smallint, g.t, 0, 0, 0, sums.n, %(token)s, %(code)s, %(channel)s
  from g, c, sums returning id, number),
e as (
  insert into visits_errand (visit_id, seq, step, service, state, after, class, arrived_at, ready_at,
                             n_rem, m_rem, line, key, recalls, estimated)
  select v.id, w.seq, w.step, w.service, (w.after = 0)::int, w.after, %(class)s::smallint, g.t,
         case when w.after = 0 then g.t end, sums.n, sums.m, g.line,
         g.a * g.t_ms + g.b * g.t_ms - g.base + least(g.w * sums.m, g.cap), 0, false
  from v, g, sums, wanted w)
insert into journal_entry {APPEND_COLUMNS}
select g.t, 'ticket_issued', %(who)s, g.mall, v.id, %(request)s::uuid,
       jsonb_build_object('number', v.number, 'day', g.day, 'priority_class', %(class)s::smallint,
         'steps', %(steps)s::smallint[], 'after', %(after)s::smallint[], 'policy', g.policy,
         'channel', %(channel)s::text, 'rev', 0, 'snap', {_SNAP})
from v, g returning id, at, visit_id, fact
"""

_HEADS = """
heads as materialized (       -- the first k of each (step, line); no visit is looked up yet
  select h.visit_id, h.seq, s.step, l.id as line, l.slope * d.t_ms - h.key as score
  from d cross join lateral unnest(d.skills) s(step) cross join lateral unnest(d.lines, d.slopes) l(id, slope)
  cross join lateral (select e.visit_id, e.seq, e.key from visits_errand e
                      where e.state = 1 and e.step = s.step and e.line = l.id
                      order by e.key, e.visit_id, e.seq limit {k}) h),
cut as materialized (         -- whoever scores above the last head of every full group beats all unseen rows
  select min(score) as score from heads group by step, line having count(*) = {k} order by 1 desc limit 1),
pick as materialized (        -- the citizen is what is locked
  select h.*, v.number from (select * from heads order by score desc, visit_id, seq limit 2 * {k}) h
  join visits_visit v on v.id = h.visit_id
  where v.state = 0 and h.score > coalesce((select score from cut), -9e18::bigint)
  order by h.score desc, h.visit_id, h.seq limit 1 for no key update of v skip locked),
ue as (                       -- each write hangs on the one before, so a stale pick writes nothing
  update visits_errand e set state = 2, desk = d.id, called_at = d.t, recalls = 0, recalled_at = null
  from pick p, d where e.visit_id = p.visit_id and e.seq = p.seq and e.state = 1 returning e.visit_id, e.seq),
uv as (
  update visits_visit v set state = 1, desk = d.id, rev = v.rev + 1
  from ue, d where v.id = ue.visit_id returning v.rev),
ud as (
  update visits_desk k set visit_id = ue.visit_id, seq = ue.seq, since = d.t, last_kind = 'called',
         last_visit = ue.visit_id, last_seq = ue.seq, last_rev = uv.rev, last_at = d.t
  from ue, uv, d where k.id = d.id),
j as (
  insert into journal_entry {columns}
  select d.t, case when c.rev is null then 'try_failed' else 'called' end, %(who)s, d.mall, c.visit_id,
         case when c.rev is not null then %(request)s::uuid end,
         case when c.rev is null then jsonb_build_object('desk', d.id, 'snap', {snap})
         else jsonb_build_object('number', c.number, 'desk', d.id, 'seq', c.seq, 'step', c.step, 'policy', d.policy,
                                 'score', c.score, 'rev', c.rev, 'snap', {snap}) end
  from d left join (select p.*, uv.rev from pick p, uv) c on true
  where c.rev is not null or exists (select from heads h join visits_visit v on v.id = h.visit_id where v.state = 0)
  returning id, at, kind, visit_id, fact)
"""

_DESK = f"""
select dk.id, dk.skills, dk.mall, dk.open, dk.visit_id, fl.policy, fl.lines, fl.slopes, fl.t, {_ms("fl.t")} as t_ms
from visits_desk dk
join (select f.*, mall_now(f.mall) as t from visits_floor f
      where f.mall = (select mall from visits_desk where id = %(desk)s::smallint)) fl on fl.mall = dk.mall
where dk.id = %(desk)s::smallint
"""

# The short form: the desk's own row first, then heads of four. A row with kind 'called' is the answer; no row, or
# 'try_failed', sends the caller to the long form.
CALL = (
    f"""
with d as materialized ({_DESK}
    and dk.open and dk.visit_id is null
    and not exists (select from journal_entry where request = %(request)s::uuid)
  for no key update of dk),"""
    + _HEADS.format(k=4, columns=APPEND_COLUMNS, snap=_SNAP)
    + "select id, at, kind, visit_id, fact from j"
)

CALLED, DEEPER, LOCKED, NOBODY, NOT_FREE, REPEATED = range(6)

# The long form, k as a parameter, always one row: outcome 0 called; 1 look deeper; 2 eligible but all locked; 3 nobody
# is eligible; 4 desk busy or closed; 5 this key was used (its row follows).
CALL_LONG = (
    f"""
with base as materialized ({_DESK} for no key update of dk),
used as materialized (
  select id, at, kind, visit_id, fact from journal_entry where request = %(request)s::uuid),
d as materialized (
  select * from base where open and visit_id is null and not exists (select from used)),"""
    + _HEADS.format(k="%(k)s::int", columns=APPEND_COLUMNS, snap=_SNAP)
    + """
select case when exists (select from used) then 5
            when not exists (select from d) then 4
            when exists (select from j where kind = 'called') then 0
            when exists (select from cut) or (select count(*) from heads) > 2 * %(k)s::int then 1
            when exists (select from heads h join visits_visit v on v.id = h.visit_id where v.state = 0) then 2
            else 3 end as outcome,
       a.id, a.at, a.kind, a.visit_id, a.fact, (select open from base) as open
from (select 1) one left join
     (select * from j where kind = 'called' union all select * from used limit 1) a on true
"""
)

# The desk's citizen is being served. Repeating it changes nothing.
START = f"""
with d as materialized (
  select dk.id, dk.mall, dk.visit_id, dk.seq, mall_now(dk.mall) as t from visits_desk dk
  where dk.id = %(desk)s::smallint and dk.visit_id is not null
    and not exists (select from journal_entry where request = %(request)s::uuid) for no key update of dk),
v as materialized (
  select v.id, v.rev from visits_visit v join d on v.id = d.visit_id for no key update of v),
ue as (
  update visits_errand e set state = 3, started_at = d.t from d, v
  where e.visit_id = v.id and e.seq = d.seq and e.state = 2 returning e.visit_id, e.seq),
uv as (update visits_visit x set rev = x.rev + 1 from ue where x.id = ue.visit_id returning x.rev),
ud as (
  update visits_desk k set since = d.t, last_kind = 'started', last_visit = ue.visit_id, last_seq = ue.seq,
         last_rev = uv.rev, last_at = d.t from ue, uv, d where k.id = d.id)
insert into journal_entry {APPEND_COLUMNS}
select d.t, 'started', %(who)s, d.mall, ue.visit_id, %(request)s::uuid,
       jsonb_build_object('desk', d.id, 'seq', ue.seq, 'rev', uv.rev, 'snap', {_SNAP})
from d, ue, uv returning id, at, kind, visit_id, fact
"""

# The errand at the desk ends with a result; its successors become ready or fall away with it; keys of the open siblings
# are rewritten because less remains. The visit's revision is read twice, in the snapshot and under the lock: where they
# differ somebody changed the siblings meanwhile, nothing is written, and the caller tries again.
FINISH = f"""
with d as materialized (
  select dk.id, dk.mall, dk.visit_id, dk.seq, dk.pause_next, fl.policy, fl.t, {_ms("fl.t")} as t_ms,
         (1 << dk.seq) as bit, %(success)s::boolean as ok, p.weight_remaining as w, p.cap
  from visits_desk dk
  join (select f.*, mall_now(f.mall) as t from visits_floor f
        where f.mall = (select mall from visits_desk where id = %(desk)s::smallint)) fl on fl.mall = dk.mall
  join visits_policy p on p.id = fl.policy
  where dk.id = %(desk)s::smallint and dk.visit_id is not null
    and (%(seq)s::smallint is null or (dk.seq = %(seq)s::smallint and dk.visit_id = %(visit)s::bigint))
    and not exists (select from journal_entry where request = %(request)s::uuid)
  for no key update of dk),
seen as materialized (
  select v.id, v.rev, v.done from visits_visit v join d on v.id = d.visit_id),
v as materialized (
  select v.id, v.rev, v.class, v.done | case when d.ok then d.bit else 0 end as done
  from visits_visit v join d on v.id = d.visit_id join seen on seen.id = v.id and seen.rev = v.rev
  for no key update of v),
s as materialized (
  select e.seq, e.step, e.state, e.service, t.expected_ms,
         case when e.seq = d.seq then 4
              when e.state = 0 and not d.ok and e.after & d.bit <> 0 then 6
              when e.state = 0 and e.after & v.done = e.after then 1
              else e.state end as next
  from visits_errand e join v on e.visit_id = v.id cross join d
  join visits_steptime t on t.mall = d.mall and t.step = e.step),
r as materialized (
  select count(*) filter (where next in (0, 1))::smallint as n,
         coalesce(sum(expected_ms) filter (where next in (0, 1)), 0)::int as m,
         count(*) filter (where next in (0, 1, 5))::smallint as open_n from s),
ue as (
  update visits_errand e set state = s.next,
    done_at = case when s.next in (4, 6) and s.state not in (4, 6) then d.t else e.done_at end,
    result = case when e.seq = d.seq then %(result)s when s.next = 6 and s.state <> 6 then 'prerequisite'
                  else e.result end,
    estimated = case when e.seq = d.seq then %(estimated)s::boolean else e.estimated end,
    ready_at = case when s.state = 0 and s.next = 1 then d.t else e.ready_at end,
    n_rem = r.n, m_rem = r.m, line = c.line,
    key = c.a * {_ms("e.arrived_at")}
          + c.b * case when s.state = 0 and s.next = 1 then d.t_ms else coalesce({_ms("e.ready_at")}, d.t_ms) end
          - c.base + least(d.w * r.m, d.cap)
  from s, r, d, v join visits_policyclass c on c.class = v.class
  where e.visit_id = v.id and e.seq = s.seq and c.policy_id = d.policy and (s.next in (0, 1) or s.next <> s.state)
  returning e.seq, e.step, s.state as before, s.next),
uv as (
  update visits_visit x set state = case when r.open_n = 0 then 2 else 0 end, desk = null, done = v.done,
         left_n = r.open_n, rev = x.rev + 1, gone_at = case when r.open_n = 0 then d.t end
  from v, r, d, (select 1 from ue where next = 4 limit 1) ended where x.id = v.id returning x.rev),
ud as (
  update visits_desk k set visit_id = null, seq = null, since = d.t, last_kind = 'finished', last_visit = d.visit_id,
         last_seq = d.seq, last_rev = uv.rev, last_at = d.t,
         open = k.open and not k.pause_next, pause_next = false,
         pause = case when k.pause_next then coalesce(k.pause, 'break') else k.pause end
  from uv, d where k.id = d.id)
insert into journal_entry {APPEND_COLUMNS}
select d.t, 'finished', %(who)s, d.mall, d.visit_id, %(request)s::uuid,
       jsonb_build_object('desk', d.id, 'seq', d.seq, 'step', (select step from s where s.seq = d.seq),
         'result', %(result)s::text, 'estimated', %(estimated)s::boolean,
         'ready', (select coalesce(jsonb_agg(s.seq order by s.seq), '[]') from s where s.state = 0 and s.next = 1),
         'dropped', (select coalesce(jsonb_agg(s.seq order by s.seq), '[]') from s where s.state = 0 and s.next = 6),
         'left', r.open_n, 'rev', uv.rev, 'snap', {_SNAP})
from d, r, uv returning id, at, kind, visit_id, fact
"""

# After a change of policy or of expected minutes: every open errand's place by the rule in force. Its visits are locked
# by a statement before (in the order of their ids), so that this one sees what they came to.
LOCK_OPEN = """
select v.id from visits_visit v where v.mall = %(mall)s::smallint and v.state <> 2 order by v.id for no key update
"""
RESTAMP = f"""
with fl as materialized (
  select f.mall, f.policy, mall_now(f.mall) as t, p.weight_remaining as w, p.cap
  from visits_floor f join visits_policy p on p.id = f.policy where f.mall = %(mall)s::smallint),
r as materialized (
  select e.visit_id, count(*)::smallint as n, sum(t.expected_ms)::int as m
  from visits_errand e join visits_visit v on v.id = e.visit_id
  join visits_steptime t on t.mall = v.mall and t.step = e.step
  where v.mall = %(mall)s::smallint and v.state <> 2 and e.state in (0, 1) group by e.visit_id)
update visits_errand e set n_rem = r.n, m_rem = r.m, line = c.line,
  key = c.a * {_ms("e.arrived_at")} + c.b * coalesce({_ms("e.ready_at")}, {_ms("fl.t")}) - c.base
        + least(fl.w * r.m, fl.cap)
from r, fl join visits_policyclass c on c.policy_id = fl.policy
where e.visit_id = r.visit_id and e.state in (0, 1) and c.class = e.class
"""
# Errands in line that no call looks for, because their line is of a policy that holds no more.
STRAY = """
select count(*) from visits_errand e join visits_visit v on v.id = e.visit_id
join visits_floor f on f.mall = v.mall
where e.state = 1 and v.mall = %(mall)s::smallint and e.line <> all(f.lines)
"""

# What an earlier try with the same key left behind, and why a hot statement wrote nothing.
REPEAT = "select id, at, kind, visit_id, fact, mall from journal_entry where request = %(request)s::uuid"
READY_STEPS = "select visit_id, step from visits_errand where visit_id = any(%(visits)s::bigint[]) and state = 1"
DESK_NAMES = """
select d.id, d.skills, m.code, z.code, a.short_name, d.mall, m.booth_id
from visits_desk d join malls_desk m on m.id = d.id join malls_booth b on b.id = m.booth_id
left join malls_zone z on z.id = b.zone_id join people_agency a on a.id = b.agency_id
"""
VISIT_OF_TOKEN = "select id, mall from visits_visit where token = %(token)s"  # noqa: S105
SLIP = "select number, token, code from visits_visit where id = %(visit)s::bigint"
# Why no number was given: how many of the steps are served here, and at what time of this open day the first of their
# booths stopped (as the mall writes it), if one did.
SERVED = """
select count(*), to_char(min(s.open_until) filter (
         where s.open_until <= fl.t and fl.t >= fl.open_from and fl.t < fl.open_until
           and fl.closed_day is distinct from (fl.t at time zone fl.zone)::date) at time zone min(fl.zone), 'HH24.MI')
from visits_steptime s
left join (select f.*, mall_now(f.mall) as t from visits_floor f where f.mall = %(mall)s::smallint) fl on true
where s.mall = %(mall)s::smallint and s.active and s.step = any(%(steps)s::smallint[])
"""
DESK_NOW = "select open, visit_id, seq from visits_desk where id = %(desk)s::smallint"


@dataclass(frozen=True, slots=True)
class Row:
    """The journal row that a hot statement left: what happened, as its caller sees it."""

    id: int
    at: datetime
    kind: str
    visit_id: int | None
    fact: dict[str, Any]

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Row:
        """The row as any driver sends it: Django's leaves jsonb as text."""
        fact = json.loads(row[4]) if isinstance(row[4], str) else row[4]
        return cls(row[0], row[1], row[2], row[3], fact)


@dataclass(frozen=True, slots=True)
class Answer:
    """What call next came to: an outcome number of the long form, and the row where there is one."""

    outcome: int
    row: Row | None


Ask = tuple[str, Params, float]  # a statement, its parameters, seconds to wait before it


def calling(desk: int, who: str, request: UUID | None) -> Generator[Ask, tuple[Any, ...] | None, Answer]:
    """Call next as a conversation: yields statements, is sent their one row (or None), returns the answer.

    Each statement must run in its own transaction: looping inside one would hold phantom locks (a row that was locked,
    re-checked and rejected stays locked until the transaction ends).
    """
    params = {"desk": desk, "who": who, "request": request}
    row = yield CALL, params, 0.0
    if row is not None and row[2] == "called":
        return Answer(CALLED, Row.of(row))
    k, tries = 4, 0
    while True:
        tries += 1
        answer = yield CALL_LONG, {**params, "k": k}, 0.0 if tries == 1 or k > 4 else min(0.001 * tries, 0.003)
        if answer is None:
            return Answer(NOT_FREE, None)
        outcome = answer[0]
        if outcome == DEEPER:
            k *= 8
        elif outcome == LOCKED:
            k = 4
        else:
            return Answer(outcome, Row.of(answer[1:6]) if answer[1] is not None else None)
