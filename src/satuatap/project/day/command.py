"""``satuatap day [--visits 500] [--speed 480] [--seed S] [--json]``."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from satuatap.basics.refusal import Refusal
from satuatap.features.malls import queries as malls
from satuatap.project import environment
from satuatap.project.database import Addresses
from satuatap.project.day import run, verify

WORDS = (
    ("tickets", "nomor diambil", "tickets"),
    ("errands", "urusan", "errands"),
    ("served", "selesai di loket", "served"),
    ("no_shows", "terlewat", "no-shows"),
    ("mean_wait_min", "rata-rata menunggu (menit)", "mean wait"),
    ("p90_wait_min", "9 dari 10 menunggu paling lama (menit)", "90th percentile"),
    ("mean_in_mall_min", "rata-rata di dalam mal (menit)", "mean in the mall"),
    ("lost", "hilang", "lost"),
    ("doubled", "ganda", "doubled"),
    ("lag_p90_s", "jeda loket kosong sampai panggilan (detik mal)", "lag"),
    ("in_range", "panggilan di dalam kisaran yang ditampilkan", "inside the shown range"),
    ("overtaken_over_90", "disusul yang datang 90 menit lebih lambat", "overtaken by more than 90 min"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument("--visits", type=_count, default=500, help="kunjungan (500)")
    parser.add_argument("--speed", type=_speed, default=480.0, help="berapa kali lebih cepat dari jam dinding (480)")
    parser.add_argument("--seed", type=int, default=2026, help="benih acak: benih sama, hari sama (2026)")
    parser.add_argument("--json", action="store_true", help="hasil sebagai satu objek JSON di baris terakhir")
    parser.add_argument(
        "--answers", type=Path, help="tulis setiap permintaan yang dijawab ke berkas ini (satu JSON sebaris)"
    )
    parser.add_argument("--stay", action="store_true", help="jam tetap di akhir hari, tidak pindah ke hari berikutnya")


def _count(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 20_000:
        raise argparse.ArgumentTypeError("kunjungan: 1 sampai 20000")
    return value


def _speed(text: str) -> float:
    value = float(text)
    if not 1 <= value <= 5_000:
        raise argparse.ArgumentTypeError("kecepatan: 1 sampai 5000")
    return value


def base() -> str:
    """Where the demo serves, by the same environment as `make run`."""
    host = environment.host()
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{environment.port()}" if ":" in host else f"http://{host}:{environment.port()}"


def accounts_file() -> Path:
    """Where `make run` left the demo accounts."""
    return environment.home() / "accounts.json"


def main(args: argparse.Namespace, addresses: Addresses) -> int:
    """Play the day and print what it came to; 0 when nothing was lost or doubled."""
    wish = run.Wish(
        visits=args.visits, speed=args.speed, seed=args.seed, base=base(),
        accounts=accounts_file(), folder=_folder(), addresses=addresses, stay=args.stay,
        quiet=args.json,
    )  # fmt: skip
    started = time.monotonic()
    try:
        hall, log, mall, since = asyncio.run(run.play_day(wish))
    except Refusal as refusal:
        print(str(refusal), file=sys.stderr)
        return 2
    if args.answers:
        args.answers.write_text("".join(json.dumps(asdict(one)) + "\n" for one in log.answered))
    found = run.check_day(hall, log, mall, since)
    run_of_it = {
        "seconds": round(time.monotonic() - started, 1),
        "speed": round(hall.pace.speed, 1),  # at the end; lower than wished if the desks could not keep up
        "turned_away": hall.refused,
        "retried": log.retried,
        "restored": hall.restored,
    }
    if not args.stay:
        _go_on(wish, mall)
    _print(found, run_of_it, args.json)
    return 0 if not (found.lost or found.doubled) else 1


def _folder() -> Path:
    return Path(os.environ.get("SATUATAP_CITY") or environment.CHECKOUT / "data" / "palembang")


def _go_on(wish: run.Wish, mall: int) -> None:
    """The day is over: the demo goes on at 09.10 of the next working day, so that somebody can play in it."""
    view = malls.mall(mall)
    opens = run.next_opening(view)
    local = malls.local(opens, view.zone_name)
    target = local.replace(hour=9, minute=10, second=0, microsecond=0)
    run.Clock(wish, mall).set(speed=1.0, jump_to=max(target, local + timedelta(minutes=5)))


def _print(found: verify.Check, run_of_it: dict[str, float], as_json: bool) -> None:
    values = {**verify.as_json(found), **run_of_it}
    if as_json:
        print(json.dumps(values, ensure_ascii=False))
        return
    print("\n")
    for name, words, _english in WORDS:
        shown = values[name]
        print(f"  {words:<52} {'-' if shown is None else str(shown).replace('.', ','):>10}")
    print(f"  {'lama putaran (detik nyata)':<52} {run_of_it['seconds']:>10}".replace(".", ","))
    if run_of_it["turned_away"]:
        print(f"  {'ditolak di anjungan (mal tutup atau tidak dilayani)':<52} {run_of_it['turned_away']:>10}")
    if run_of_it["retried"]:
        print(f"  {'permintaan diulang karena sistem sempat mati':<52} {run_of_it['retried']:>10}")
    for problem in found.problems[:10]:
        print(f"  ! {problem}")
    good = not (found.lost or found.doubled)
    print(
        "\nJurnal diperiksa:", "tidak ada yang hilang, tidak ada yang ganda." if good else "ADA MASALAH, lihat di atas."
    )
