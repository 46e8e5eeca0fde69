"""Plan my visit: papers without repeats, what comes first, chains of steps, a fair range of the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from satuatap.basics.actor import Actor
from satuatap.features.catalogue import actions, queries, refusals, rules
from satuatap.features.catalogue.models import Plan
from satuatap.features.catalogue.rules import Before, Need, StepRow
from satuatap.features.journal.models import Entry
from satuatap.project.city.opening import open_city
from tests.factories.cities import PALEMBANG, TANJUNG

BY = Actor.system("test")
CODES = ("a", "b", "c", "d", "e")
codes = st.lists(st.sampled_from(CODES), unique=True, min_size=1)
needs = st.builds(
    Need,
    document=st.sampled_from(("kk", "ktp", "akta", "foto")),
    service=st.sampled_from(CODES),
    always=st.booleans(),
    condition=st.sampled_from(("", "kalau sudah menikah")),
    issued_by=st.lists(st.sampled_from(CODES), unique=True, max_size=2).map(tuple),
)
# Sequences that go forward only: a city's file with a circle is refused when it is opened.
forward = st.lists(st.sampled_from(list(combinations(CODES, 2))))


@given(codes, st.lists(needs, max_size=12))
def test_no_document_twice_and_each_for_exactly_those_who_ask(wanted: list[str], asked: list[Need]) -> None:
    papers = rules.papers_of(wanted, asked)
    assert len({paper.document for paper in papers}) == len(papers)
    for paper in papers:
        who = {n.service for n in asked if n.document == paper.document and n.service in wanted}
        assert set(paper.services) == who and len(paper.services) == len(who)
        assert paper.always == any(n.always for n in asked if n.document == paper.document and n.service in wanted)
        if paper.comes_from:
            later = [wanted.index(s) for s in paper.services if s != paper.comes_from]
            assert later and wanted.index(paper.comes_from) < max(later)
    assert {p.document for p in papers} == {n.document for n in asked if n.service in wanted}


@given(codes, forward)
def test_the_order_keeps_every_precedence_and_else_the_wish(wanted: list[str], pairs: list[tuple[str, str]]) -> None:
    before = rules.what_comes_first(wanted, pairs, [])
    ordered = rules.in_order(wanted, before)
    assert sorted(ordered) == sorted(wanted)
    for first, then in pairs:
        if first in wanted and then in wanted:
            assert ordered.index(first) < ordered.index(then)
    if not before:
        assert list(ordered) == wanted


@given(codes, forward, st.lists(needs, max_size=12))
def test_papers_never_make_a_circle(wanted: list[str], pairs: list[tuple[str, str]], asked: list[Need]) -> None:
    """A bride's new KTP follows the wedding, though the wedding asks for a KTP: the old one will do."""
    before = rules.what_comes_first(wanted, pairs, asked)
    ordered = rules.in_order(wanted, before)
    assert all(ordered.index(edge.first) < ordered.index(edge.then) for edge in before)
    assert {(a, b) for a, b in pairs if a in wanted and b in wanted} <= {(edge.first, edge.then) for edge in before}


@given(codes, forward, st.data())
def test_errands_wait_only_for_earlier_ones_and_chains_stay_in_order(
    wanted: list[str], pairs: list[tuple[str, str]], data: st.DataObject
) -> None:
    steps = {
        code: [StepRow(10 * n + k, n, code, k, (k - 1,) if k > 1 else (), 5.0) for k in range(1, count + 1)]
        for n, code in enumerate(CODES)
        if (count := data.draw(st.integers(1, 3)))
    }
    before = rules.what_comes_first(wanted, pairs, [])
    ordered = rules.in_order(wanted, before)
    errands = rules.errands_of(ordered, before, steps)
    assert len(errands) == sum(len(steps[code]) for code in wanted)
    place = {errand.step_id: n for n, errand in enumerate(errands)}
    for n, errand in enumerate(errands):
        assert all(earlier < n for earlier in errand.after)
    for code in wanted:
        for one, two in zip(steps[code], steps[code][1:], strict=False):
            assert errands[place[two.step_id]].after == (place[one.step_id],)
    for first, then in pairs:
        if first in wanted and then in wanted:
            start = errands[place[steps[then][0].step_id]]
            assert {place[row.step_id] for row in steps[first]} <= set(start.after)


def test_a_circle_is_refused_and_names_who_waits() -> None:
    with pytest.raises(rules.Circle, match="a, b"):
        rules.in_order(["c", "a", "b"], [Before("a", "b"), Before("b", "a")])


def test_a_paper_puts_its_issuer_first_only_where_that_is_sure() -> None:
    kk = Need("kartu-keluarga", "ktp", True, "", ("kk",))
    assert rules.what_comes_first(["ktp", "kk"], [], [kk]) == [Before("kk", "ktp", "kartu-keluarga")]
    for unsure in (
        Need("kartu-keluarga", "ktp", False, "kalau pindah", ("kk",)),  # only sometimes needed
        Need("kartu-keluarga", "ktp", True, "", ("kk", "kk-ubah")),  # two of the wanted issue it
        Need("kartu-keluarga", "kk", True, "", ("kk",)),  # its own old copy
    ):
        assert rules.what_comes_first(["ktp", "kk", "kk-ubah"], [], [unsure]) == []
    assert rules.what_comes_first(["ktp", "kk"], [("ktp", "kk")], [kk]) == [Before("ktp", "kk")]  # the city's word wins


def test_the_range_by_hand() -> None:
    """One step of 10 minutes, CV 0.7: s2 = ln 1.49 = 0.3988, mu = ln 10 - s2/2; 10 % and 90 % of that lognormal."""
    time = rules.desk_time([10.0])
    assert (round(time.low, 2), time.mean, round(time.high, 2)) == (3.65, 10.0, 18.40)
    both = rules.desk_time([10.0, 10.0])
    assert both.mean == 20 and both.high < 2 * time.high and both.low > 2 * time.low  # a sum spreads less
    assert rules.desk_time([]) == rules.DeskTime(0, 0, 0)


@pytest.fixture
def tanjung(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
    assert open_city(TANJUNG).problems == []


@pytest.fixture
def palembang(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
    assert open_city(PALEMBANG).problems == []


@pytest.mark.database15
@pytest.mark.usefixtures("tanjung")
def test_three_needs_are_one_list_one_order_and_one_ticket() -> None:
    plan = queries.plan(["ktp-el", "kis", "kk-baru", "ktp-el"])
    assert plan.services == ("kk-baru", "ktp-el", "kis")  # the card that it asks for is made first
    assert [(p.document.code, p.comes_from.code if p.comes_from else None) for p in plan.papers] == [
        ("buku-nikah", None), ("kartu-keluarga", "kk-baru"),
    ]  # fmt: skip
    (card,) = [p for p in plan.papers if p.document.code == "kartu-keluarga"]
    assert {s.code for s in card.services} == {"ktp-el", "kis"}
    assert [errand.after for errand in plan.errands] == [(), (0,), (0,), (2,)]
    (first, then, _reason, paper), (_first, second, reason, no_paper) = plan.before
    assert (first.code, then.code, paper.code if paper else "") == ("kk-baru", "kis", "kartu-keluarga")
    assert (second.code, reason[0], no_paper) == ("ktp-el", "KTP memuat data KK yang baru.", None)
    assert plan.time.mean == 6 + 5 + 8 + 6 and plan.time.low < plan.time.mean < plan.time.high


@pytest.mark.database15
@pytest.mark.usefixtures("tanjung")
def test_a_requirement_knows_the_service_that_issues_its_document() -> None:
    (need,) = queries.service("ktp-el").requirements
    assert (need.document.code, [card.code for card in need.issuers]) == ("kartu-keluarga", ["kk-baru"])
    assert [first.code for first, _why, _en in queries.service("ktp-el").first] == ["kk-baru"]


@pytest.mark.usefixtures("tanjung")
def test_what_can_not_be_planned_is_refused_in_words() -> None:
    with pytest.raises(refusals.UnknownServiceWanted):
        queries.plan(["kk-baru", "kk-palsu"])
    with pytest.raises(refusals.NoSuchService):
        queries.service("' or 1=1")
    with pytest.raises(refusals.NoSuchPlan):
        queries.kept_plan("ZZZZZZ", datetime.now(UTC))
    assert queries.plan([]).errands == ()


@pytest.mark.database15
@pytest.mark.django_db(transaction=True)
def test_a_plan_is_kept_behind_a_short_code_for_14_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SATUATAP_HOME", str(tmp_path))
    open_city(TANJUNG)
    now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    code = actions.keep_plan(by=BY, services=["ktp-el", "kk-baru"], now=now)
    assert len(code) == 6 and set(code) <= set(actions.CODE_LETTERS)
    assert actions.keep_plan(by=BY, services=["kk-baru", "ktp-el"], now=now + timedelta(hours=5)) == code
    assert Plan.objects.count() == Entry.objects.filter(kind="plan_kept").count() == 1
    assert queries.kept_plan(f" {code.lower()} ", now).services == ("kk-baru", "ktp-el")
    with pytest.raises(refusals.NoSuchPlan):
        queries.kept_plan(code, now + timedelta(days=14, seconds=1))
    assert actions.drop_plans(before=now + timedelta(days=15)) == 1 and not Plan.objects.exists()


@pytest.mark.usefixtures("palembang")
def test_in_the_demo_city_any_two_needs_and_every_life_event_can_be_planned() -> None:
    kept = queries._all()
    sequences = [(b.first.code, b.then.code) for b in kept.sequences]
    for pair in combinations(kept.services, 2):
        before = rules.what_comes_first(pair, sequences, kept.needs)
        assert sorted(rules.in_order(pair, before)) == sorted(pair)
    for event in queries.life_events():
        members = [code for code, _detail in event.members]
        assert members
        before = rules.what_comes_first(members, sequences, kept.needs)
        ordered = rules.in_order(members, before)  # never a circle
        papers = rules.papers_of(ordered, kept.needs)
        assert len({p.document for p in papers}) == len(papers)
        if sum(len(kept.steps[code]) for code in members) <= rules.MOST_STEPS:
            assert queries.plan(members).services == ordered


@pytest.mark.usefixtures("palembang")
def test_the_health_card_has_its_three_lanes_as_chains_and_its_sources_side_by_side() -> None:
    chains = {
        "kis-apbd": ["dinkes", "bpjs-kesehatan"],
        "kis-reaktivasi": ["dinsos", "bpjs-kesehatan"],
        "kis-darurat": ["dinsos", "bpjs-kesehatan"],
    }
    for code, agencies in chains.items():
        assert [step.agency_code for step in queries.steps_of([code])] == agencies
        assert [errand.after for errand in queries.plan([code]).errands] == [(), (0,)]
    emergency = queries.service("kis-darurat")
    readings = [text for text in emergency.components[3] if "acaan" in text.text]
    assert len(readings) == 2 and all(text.source for text in readings)
    assert any("fasilitas" in r.document.name.lower() or "rumah sakit" in f"{r.document.name} {r.detail}".lower()
               for r in emergency.requirements)  # fmt: skip
    assert queries.plan(["skck", "kis-apbd"]).services == ("kis-apbd", "skck")


@pytest.mark.usefixtures("palembang")
def test_every_service_has_a_page_and_says_where_it_can_be_finished() -> None:
    for card in queries.services():
        page = queries.service(card.code)
        assert page.steps and all(step.expected_minutes > 0 for step in page.steps), card.code
        assert page.places, card.code
        for need in page.requirements:
            assert card.code not in [issuer.code for issuer in need.issuers]
