"""``satuatap estate study | quality | studies | work | answer``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.estate import actions, quality, queries
from satuatap.features.estate.states import StudyLife
from satuatap.features.estate.study import Point
from satuatap.project import answering, studying
from satuatap.project.cli.sentences import Trouble
from satuatap.project.database import beside_the_server, connected
from satuatap.project.studies import end_with

BY = Actor.system("estate")
USUAL_SECONDS, MOST_SECONDS, MOST_DRAWS = 60.0, 24 * 3600.0, 2000
NICE = 5


def add_commands(subparsers: Any) -> None:
    estate = subparsers.add_parser("estate", help="gedung kantor kota: kajian siapa di mana")
    verbs = estate.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    one = verbs.add_parser("study", help="cari penempatan yang lebih baik dari inventaris sekarang")
    one.add_argument("--seconds", type=float, default=USUAL_SECONDS, help="lama mencari (60)")
    one.add_argument("--draws", type=int, default=0, help="berapa kali angka yang diragukan ditarik (0: tidak)")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--json", action="store_true", help="jawaban sebagai satu objek JSON")
    one.add_argument("--problem", action="store_true", help="hanya tulis masalahnya sebagai JSON, tanpa mencari")
    one.set_defaults(run=run_study)
    work = verbs.add_parser("work", help="kerjakan kajian yang menunggu, lalu selesai")
    work.add_argument("--stays", type=float, default=0.0, help="detik menunggu kajian berikutnya (0: tidak)")
    work.set_defaults(run=run_work)
    verbs.add_parser("answer", help="jawab pertanyaan tentang kajian, lalu selesai").set_defaults(run=run_answer)
    verbs.add_parser("quality", help="apa yang janggal atau belum ada di inventaris").set_defaults(run=run_quality)
    verbs.add_parser("studies", help="daftar kajian").set_defaults(run=run_list)


def run_study(arguments: argparse.Namespace) -> int:
    """Ask for a study and run it here; 1 when it found no plan."""
    if not 0 < arguments.seconds <= MOST_SECONDS or not 0 <= arguments.draws <= MOST_DRAWS:
        raise Trouble(
            f"--seconds di atas 0 sampai {MOST_SECONDS:.0f}, --draws dari 0 sampai {MOST_DRAWS}.",
            f"--seconds above 0 up to {MOST_SECONDS:.0f}, --draws from 0 to {MOST_DRAWS}.",
        )
    with connected():
        if arguments.problem:
            return _problem()
        try:
            number = actions.ask_study(by=BY, seconds=arguments.seconds, seed=arguments.seed, draws=arguments.draws)
        except Refusal as refusal:
            raise Trouble(str(refusal), str(refusal)) from None
        if actions.begin_study(study=number) is None:
            print(f"Kajian {number} menunggu kajian lain. Lihat: satuatap estate studies")
            return 0
        studying.run(number, None if arguments.json else _say)
        return _told(queries.study(number), arguments.json)


def _problem() -> int:
    found = studying.asked()
    print(json.dumps(found.raw, ensure_ascii=False))
    for fault in found.faults:
        print(f"  {fault}", file=sys.stderr)
    return 1 if found.faults else 0


def _say(point: Point) -> None:
    if sys.stderr.isatty() and point.best is not None:
        bound = "-" if point.bound is None else f"{point.bound:,.0f}"
        print(f"\r  {point.seconds:6.1f} s  Rp{point.best:,.0f} >= Rp{bound}   ", end="", file=sys.stderr, flush=True)


def _told(view: queries.StudyView, as_json: bool) -> int:
    if view.life is StudyLife.FAILED or view.answer is None:
        print(view.trouble, file=sys.stderr)
        return 1
    if as_json:
        print(json.dumps({"study": str(view.id), "answer": view.answer, "doubt": view.doubt}, ensure_ascii=False))
        return 0 if view.best_plan else 1
    before, after = view.answer["present_cost"], view.answer["cost"]
    if after is None:
        print("Belum ditemukan penempatan yang memenuhi semua aturan; beri waktu lebih.")
        return 1
    print(f"Kajian {view.id}")
    for label, kind in (("kas setahun", "cash_yearly"), ("kapasitas setahun", "capacity_yearly")):
        print(f"  {label:<20} Rp{before[kind]:>18,.0f} -> Rp{after[kind]:>18,.0f}")
    print(f"  dikosongkan          {', '.join(view.answer['freed']) or '-'}")
    print(f"  pindah               {len(view.answer['moves'])} unit")
    print(
        f"  bukti                {'terbukti terbaik' if view.answer['proved'] else f'paling jauh {view.gap or 0:.1%}'}"
    )
    known = view.filled.get("known", {})
    print(f"  angka rekaan {known.get('synthetic', 0)}, tanpa sumber {known.get('unsourced', 0)}, "
          f"norma dipakai {len(view.filled.get('norms', {}))}")  # fmt: skip
    return 0


def run_work(arguments: argparse.Namespace) -> int:
    """Run the studies that wait; begun by the server's jobs."""
    os.nice(NICE)
    end_with(os.getppid())
    with beside_the_server():
        studying.work_soon(arguments.stays) if arguments.stays else studying.work_off()
    return 0


def run_answer(arguments: argparse.Namespace) -> int:
    """Answer what is asked of studies until nobody asks; begun by the server's jobs, and ends with the server."""
    with beside_the_server():
        answering.serve(os.getppid())
    return 0


def run_quality(arguments: argparse.Namespace) -> int:
    """Say how well the figures are known, and every remark in a sentence."""
    words = {"sourced": "bersumber", "synthetic": "rekaan", "norm": "dari norma", "unsourced": "tanpa sumber"}
    with connected():
        rows = queries.sheet_rows()
    print("; ".join(f"{count} {words[how]}" for how, count in quality.standings(rows).items()))
    for remark in quality.remarks(rows):
        print(f"  {remark.text}")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """The newest studies, one a line."""
    with connected():
        for view in queries.studies():
            best = "-" if view.best is None else f"Rp{view.best:,.0f}"
            print(f"{view.id}  {view.made_at:%Y-%m-%d %H:%M}  {view.life}  {best}")
    return 0
