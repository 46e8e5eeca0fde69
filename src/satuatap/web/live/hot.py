"""The hottest endpoints for scripts: take a number, call next, start, finish. JSON in, JSON out, idempotent by key."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from django.utils.translation import gettext as _

from satuatap.basics.refusal import Refusal
from satuatap.features.visits import outcomes, queries, refusals, statements
from satuatap.features.visits.actions.tickets import MOST_ERRANDS, issue_params
from satuatap.features.visits.statements import Row
from satuatap.features.visits.states import PriorityClass
from satuatap.web.live.http import BadRequest, Receive, Scope, Send, read_body, same_origin, send_json, uuid_of, whole
from satuatap.web.live.identity import issuer_of, require_own_steps, worker_at
from satuatap.web.live.pool import run, talk
from satuatap.web.live.threads import in_a_thread
from satuatap.web.live.wanted import errands_of_async
from satuatap.web.live.works import Works
from satuatap.web.problems import is_api

SMALLINT = 32767


class NotOurPage(Refusal):
    code = "not_our_page"
    status = 403

    def __init__(self) -> None:
        super().__init__(_("Permintaan ini tidak datang dari halaman satuatap. Muat ulang halaman, lalu coba lagi."))


def defect() -> Refusal:
    """Something went wrong that is nobody's fault at the desk."""
    sentence = _("Ada kesalahan pada sistem. Belum ada yang tersimpan; coba lagi atau hubungi petugas.")
    return Refusal(sentence, code="defect", status=500)


async def _asked(scope: Scope, receive: Receive) -> dict[str, Any]:
    # A program brings its key by itself; a browser brings its cookie for any site that asks, so its site is looked at.
    if not is_api(scope["path"]) and not same_origin(scope):
        raise NotOurPage()
    return await read_body(scope, receive)


async def _errands(body: dict[str, Any]) -> tuple[list[int], list[list[int]]]:
    codes = body.get("services")
    codes = [codes] if isinstance(codes, str) else codes
    if not isinstance(codes, list) or not all(isinstance(code, str) and len(code) <= 60 for code in codes):
        raise BadRequest(_("Daftar urusan tidak terbaca. Muat ulang halaman, lalu pilih lagi."))
    unique = list(dict.fromkeys(codes))
    if not unique:
        raise refusals.NothingChosen()
    if len(unique) > MOST_ERRANDS:
        raise refusals.TooManyErrands()
    return await errands_of_async(unique)


_closed_in_a_thread = in_a_thread(queries.closed_steps)


_looking: dict[int, asyncio.Future[frozenset[int]]] = {}


async def _open_today(mall: int, steps: list[int]) -> bool:
    """Whether no booth that these steps need is closed; a crowd looks once, nobody waits for a fresher answer."""
    closed = queries.kept_closed_steps(mall)
    if closed is None:
        if mall not in _looking:
            _looking[mall] = asyncio.ensure_future(_closed_in_a_thread(mall))
            _looking[mall].add_done_callback(lambda _done: _looking.pop(mall, None))
        closed = queries.kept_closed_steps(mall, queries.STALE_S)
    if closed is None:
        closed = await asyncio.shield(_looking[mall])
    return closed.isdisjoint(steps)


async def issue(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """POST /langsung/ambil {key, services, class}: one number for all errands, in the order they need."""
    issuer = await issuer_of(scope, match)
    body = await _asked(scope, receive)
    request = uuid_of(body, scope)
    steps, after = await _errands(body)
    await require_own_steps(issuer, steps)
    chosen = PriorityClass(whole(body.get("class", 0), 1))
    try:
        params = issue_params(
            who=issuer.who, mall=issuer.mall, steps=steps, after=after, priority_class=chosen,
            channel=issuer.channel, request=request,
        )  # fmt: skip
    except ValueError:
        raise BadRequest(_("Urutan urusan tidak masuk akal. Muat ulang halaman, lalu pilih lagi.")) from None
    open_today = await _open_today(issuer.mall, steps)
    row: Any = await run(works.pool, statements.ISSUE, params) if open_today else None
    status, visit = 201, None if row is None else row[2]
    if row is None:
        repeated = await run(works.pool, statements.REPEAT, {"request": request})
        if repeated is None and not open_today:
            raise refusals.BoothIsClosed()
        if repeated is None:
            served = await run(works.pool, statements.SERVED, {"mall": issuer.mall, "steps": steps})
            raise outcomes.not_issued(served, steps)
        status, visit = 200, outcomes.issued(repeated, params)
    works.hub.nudge()
    shown = await run(works.pool, statements.SLIP, {"visit": visit}) if status == 200 else None
    number, token, code = shown or (row[3]["number"], params["token"], params["code"])
    await send_json(send, {"visit": visit, "number": number, "token": token, "code": code}, status)


async def call(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """POST /langsung/loket/N/panggil {key}: the best errand whose citizen is free; 204-like empty when nobody."""
    desk, who, request, _body = await _at_desk(works, scope, receive, match)
    answer = await talk(works.pool, statements.calling(desk, who, request))
    now = None
    if answer.outcome == statements.NOT_FREE:
        now = await run(works.pool, statements.DESK_NOW, {"desk": desk})
    row = outcomes.called(answer, desk, now)
    if row is None:
        await send_json(send, {"called": None})
        return
    works.hub.nudge()
    await send_json(send, {"called": _told(row)})


async def start(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """POST /langsung/loket/N/mulai {key}: the citizen sat down."""
    desk, who, request, _body = await _at_desk(works, scope, receive, match)
    row = await run(works.pool, statements.START, {"desk": desk, "who": who, "request": request})
    if row is None:
        problem = await _problem(works, request, "started", {"desk": desk})
        if not isinstance(problem, Row):
            raise problem or outcomes.already_started()
        await send_json(send, {"started": _told(problem)})
        return
    works.hub.nudge()
    await send_json(send, {"started": _told(Row.of(row))})


async def finish(works: Works, scope: Scope, receive: Receive, send: Send, match: re.Match[str]) -> None:
    """POST /langsung/loket/N/selesai {key, result, visit, seq}: one result ends the errand the officer saw."""
    desk, who, request, body = await _at_desk(works, scope, receive, match)
    result = outcomes.officer_result(str(body.get("result", "")))
    visit = whole(body["visit"], 2**62) if body.get("visit") not in (None, "") else None
    seq = whole(body.get("seq"), 14) if visit is not None else None
    params = outcomes.finish_params(who, desk, result, visit, seq, request)
    for _try in range(5):
        row = await run(works.pool, statements.FINISH, params)
        if row is not None:
            works.hub.nudge()
            await send_json(send, {"finished": _told(Row.of(row))})
            return
        problem = await _problem(works, request, "finished", outcomes.meant(params))
        if isinstance(problem, Row):
            await send_json(send, {"finished": _told(problem)})
            return
        if problem is not None:
            raise problem
        await asyncio.sleep(0.002)
    raise outcomes.try_again()


async def _at_desk(
    works: Works, scope: Scope, receive: Receive, match: re.Match[str]
) -> tuple[int, str, Any, dict[str, Any]]:
    desk = whole(match["desk"], SMALLINT)
    who = await worker_at(works, scope, desk)
    body = await _asked(scope, receive)
    return desk, who, uuid_of(body, scope), body


async def _problem(works: Works, request: Any, kind: str, said: dict[str, Any]) -> Row | Refusal | None:
    repeated = await run(works.pool, statements.REPEAT, {"request": request})
    now = await run(works.pool, statements.DESK_NOW, {"desk": said["desk"]})
    return outcomes.problem(repeated, now, kind, said)


def _told(row: Row) -> dict[str, Any]:
    shown = ("number", "seq", "step", "result", "left")
    told = {name: row.fact[name] for name in shown if name in row.fact}
    return {"visit": row.visit_id, "at": row.at.isoformat(), **told}
