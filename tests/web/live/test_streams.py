"""Event streams of the running server: what happens is heard within seconds, what was missed is heard on joining."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.project.server import Served
from tests.web.live.caller import Caller, Stream
from tests.web.live.test_hot import HERE, refused

pytestmark = pytest.mark.database

People = Callable[[str], Caller]
DESK = 3


def serve_one(signed_in: People, visit: int) -> int:
    """Call this citizen to the desk, and be done with her; returns her number as the desk was told it."""
    officer = signed_in("loket3")
    called = officer.press(DESK, "panggil")["called"]
    assert called["visit"] == visit
    officer.press(DESK, "selesai", result="done", visit=visit, seq=called["seq"])
    return int(called["number"])


def test_a_call_is_heard_everywhere(signed_in: People, anonymous: Caller) -> None:
    ticket = signed_in("anjungan").take(HERE)
    with (
        Stream(anonymous, "/langsung/papan") as board,
        Stream(anonymous, f"/langsung/kunjungan/{ticket['token']}") as visit,
        Stream(signed_in("loket3"), f"/langsung/loket/{DESK}") as desk,
        Stream(signed_in("manajer"), "/langsung/pantauan") as floor,
        Stream(signed_in("informasi"), "/langsung/pantauan") as help_desk,
    ):
        streams = (board, visit, desk, floor, help_desk)
        assert len({stream.until("hello")[0] for stream in streams}) >= 1
        number = serve_one(signed_in, ticket["visit"])
        position, call = board.until("call", number=number)
        assert (call["desk"], call["sign"], call["again"]) == (DESK, "3", False)
        assert call["zone"]
        heard, change = visit.until("change", kind="called")
        assert heard == position
        assert change["sign"] == "3"
        visit.until("change", kind="finished")
        desk.until("change")
        floor.until("change")
        help_desk.until("change")


def test_the_board_says_no_more_than_what_is_called(signed_in: People, anonymous: Caller) -> None:
    ticket = signed_in("anjungan").take(HERE)
    with Stream(anonymous, "/langsung/papan") as board:
        board.until("hello")
        serve_one(signed_in, ticket["visit"])
        _position, call = board.until("call")
    assert set(call) == {"number", "desk", "sign", "zone", "agency", "again", "at"}


def test_an_idle_desk_is_woken_when_somebody_it_can_serve_comes(signed_in: People) -> None:
    with (
        Stream(signed_in("loket3"), f"/langsung/loket/{DESK}") as able,
        Stream(signed_in("loket19"), "/langsung/loket/19") as unable,
    ):
        able.until("hello")
        unable.until("hello")
        visit = signed_in("anjungan").take(HERE)["visit"]
        able.until("change")
        assert [name for _position, name, _data in unable.now()] == []
        serve_one(signed_in, visit)


@pytest.mark.parametrize("how", ["after", "last-event-id"])
def test_what_was_missed_is_heard_once_on_coming_back(
    signed_in: People, anonymous: Caller, settled: Callable[[], int], how: str
) -> None:
    settled()
    with Stream(anonymous, "/langsung/papan") as board:
        position, _ = board.until("hello")
    tickets = [signed_in("anjungan").take(HERE) for _ in range(2)]
    numbers = [serve_one(signed_in, ticket["visit"]) for ticket in tickets]
    last = settled()

    def come_back(seen: int) -> Stream:
        if how == "after":
            return Stream(anonymous, f"/langsung/papan?after={seen}")
        return Stream(anonymous, "/langsung/papan", last_event_id=str(seen))

    def both_heard() -> list[tuple[int, str, dict[str, object]]]:
        with come_back(position) as board:
            return board.up_to("hello")

    heard = both_heard()
    assert heard[-1][0] >= last, "what was missed comes before the newest position"
    calls = [(place, data["number"]) for place, name, data in heard if name == "call"]
    assert [number for _place, number in calls] == numbers
    assert [place for place, _name, _data in heard] == sorted(place for place, _name, _data in heard)
    with come_back(calls[0][0]) as board:
        assert [data["number"] for _place, name, data in board.up_to("hello") if name == "call"] == numbers[1:]
    with come_back(heard[-1][0]) as board:
        assert [name for _place, name, _data in [*board.up_to("hello"), *board.now()]] == ["hello"]


@pytest.mark.parametrize("after", ["x", "-1", "", "9" * 30, "%00", "1e3"])
def test_a_position_that_is_none_begins_now(anonymous: Caller, after: str) -> None:
    with Stream(anonymous, f"/langsung/papan?after={after}") as board:
        assert len(board.up_to("hello")) == 1


def test_streams_of_others_are_refused(served: Served, signed_in: People, anonymous: Caller) -> None:
    def ask(who: Caller, address: str, *statuses: int) -> None:
        refused(who.http.get(address, headers={"accept": "application/json"}), *statuses)

    ask(anonymous, f"/langsung/loket/{DESK}", 401)
    ask(anonymous, "/langsung/pantauan", 401)
    for name in ("loket19", "manajer", "anjungan", "informasi", "koordinator-dinkes"):
        ask(signed_in(name), f"/langsung/loket/{DESK}", 403)
    for name in ("loket3", "anjungan"):
        ask(signed_in(name), "/langsung/pantauan", 403)
    for desk in ("999", "0", "99999"):
        ask(signed_in("loket3"), f"/langsung/loket/{desk}", 404)
    ask(anonymous, "/langsung/kunjungan/" + "A" * 22, 404)
    ask(anonymous, "/langsung/kunjungan/" + "A" * 200, 404)
    ask(anonymous, "/langsung/kunjungan/pendek", 404)


def test_the_stream_of_a_visit_hears_of_no_other(
    signed_in: People, anonymous: Caller, settled: Callable[[], int]
) -> None:
    mine, other = signed_in("anjungan").take(HERE), signed_in("anjungan").take(HERE)
    settled()
    with Stream(anonymous, f"/langsung/kunjungan/{other['token']}") as stream:
        stream.until("hello")
        serve_one(signed_in, mine["visit"])
        # that the line moved is all she may hear: how many are before her and until when, never who or what
        for _position, name, said in stream.now():
            assert name == "place" and set(said) <= {"s", "n", "b", "t"}, (name, said)
        serve_one(signed_in, other["visit"])
        stream.until("change", kind="finished")


def test_a_stream_of_staff_ends_soon_after_she_signed_out(served: Served, signed_in: People) -> None:
    signed_in("loket4")
    officer = Caller(served.url)
    officer.http.cookies = signed_in("loket4").http.cookies
    # Five seconds to the next check (test_pump.py), two of a remembered identity, and a machine however busy.
    with Stream(officer, "/langsung/loket/4") as stream:
        stream.until("hello")
        gone = officer.http.post("/keluar", headers={"origin": served.url, "x-csrftoken": officer.csrf()})
        assert gone.status_code in (302, 303), gone.text[:300]
        assert stream.over.wait(14), "the stream outlived its session"
