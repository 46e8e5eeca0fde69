"""``satuatap api client ... | webhook ...``: who may ask the HTTP API, who is told, and what could not be delivered."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import override

from satuatap.basics.actor import Actor
from satuatap.basics.refusal import Refusal
from satuatap.features.commons import actions, queries
from satuatap.features.commons.actions.clients import Issued, Limits
from satuatap.features.commons.states import ApiScope, DeliveryState, Event
from satuatap.project.cli.sentences import Trouble, say
from satuatap.project.database import connected

BY = Actor.system("command")


def add_commands(subparsers: Any) -> None:
    api = subparsers.add_parser("api", help="API HTTP: klien dan kuncinya, webhook dan kiriman yang gagal")
    things = api.add_subparsers(dest="thing", required=True, metavar="APA")
    _client_commands(things.add_parser("client", help="program yang boleh memakai API"))
    _webhook_commands(things.add_parser("webhook", help="alamat yang diberi tahu, dan kiriman yang gagal"))


def _client_commands(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    make = verbs.add_parser("make", help="klien baru; kuncinya ditampilkan satu kali")
    make.add_argument("name", metavar="NAMA")
    make.add_argument("--scopes", required=True, metavar="A,B", help=", ".join(ApiScope))
    make.add_argument("--mall", metavar="KODE", help="hanya mal ini")
    make.add_argument("--agency", metavar="KODE", help="hanya instansi ini")
    make.add_argument("--per-minute", type=int, default=600, metavar="N", help="permintaan per menit (600)")
    make.add_argument("--days", type=int, default=365, help="masa berlaku kunci dalam hari (365)")
    make.set_defaults(run=_answered(run_make))
    verbs.add_parser("list", help="semua klien, tanpa kunci").set_defaults(run=_answered(run_list))
    renew = verbs.add_parser("renew", help="kunci baru; yang lama berakhir sesudah masa peralihan")
    renew.add_argument("name", metavar="NAMA")
    renew.add_argument("--days", type=int, default=365)
    renew.add_argument("--overlap-hours", type=int, default=24, metavar="JAM")
    renew.set_defaults(run=_answered(run_renew))
    block = verbs.add_parser("block", help="semua kunci dan webhook klien ini berakhir sekarang")
    block.add_argument("name", metavar="NAMA")
    block.set_defaults(run=_answered(run_block))


def _webhook_commands(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="PERINTAH")
    make = verbs.add_parser("make", help="alamat baru untuk sebuah klien; rahasianya ditampilkan")
    make.add_argument("name", metavar="KLIEN")
    make.add_argument("target", metavar="ALAMAT")
    make.add_argument("--events", required=True, metavar="A,B", help=", ".join(Event))
    make.set_defaults(run=_answered(run_hook_make))
    verbs.add_parser("list", help="semua webhook").set_defaults(run=_answered(run_hook_list))
    for verb, run, help_text in (
        ("secret", run_hook_secret, "rahasia untuk memeriksa tanda tangan"),
        ("end", run_hook_end, "tidak diberi tahu lagi"),
    ):
        one = verbs.add_parser(verb, help=help_text)
        one.add_argument("id", type=UUID)
        one.set_defaults(run=_answered(run))
    verbs.add_parser("dead", help="kiriman yang gagal sesudah semua percobaan").set_defaults(run=_answered(run_dead))
    again = verbs.add_parser("resend", help="kirim lagi satu kiriman yang gagal, atau semua")
    again.add_argument("id", type=UUID, nargs="*", metavar="KIRIMAN")
    again.add_argument("--all", action="store_true")
    again.set_defaults(run=_answered(run_resend))


def _answered(run: Any) -> Any:
    """The command with the database; a refusal is a sentence in both languages and exit code 1."""

    def answered(arguments: argparse.Namespace) -> int:
        with connected():
            try:
                run(arguments)
            except Refusal as refusal:
                with override("en"):
                    english = str(refusal)
                raise Trouble(str(refusal), english) from None
        return 0

    return answered


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _show(issued: Issued) -> None:
    say(f"Kunci, ditampilkan hanya sekali (simpan di program itu): {issued.key}")
    say(f"Berlaku sampai {issued.ends_at:%Y-%m-%d %H:%M} UTC. Shown once; kept here as a hash.")


def run_make(arguments: argparse.Namespace) -> None:
    limits = Limits(
        _list(arguments.scopes), arguments.mall, arguments.agency, arguments.per_minute, arguments.days
    )  # fmt: skip
    _show(actions.make_client(by=BY, name=arguments.name, limits=limits, now=datetime.now(UTC)))


def run_list(arguments: argparse.Namespace) -> None:
    for one in queries.clients():
        where = " ".join(filter(None, [one.mall and f"mal={one.mall}", one.agency and f"instansi={one.agency}"]))
        life = "diblokir" if one.blocked_at else ", ".join(f"{p} s.d. {end:%Y-%m-%d}" for p, end in one.keys)
        say(f"{one.name}  [{where or 'semua'}]  {', '.join(one.scopes)}  {one.per_minute}/menit  {life}")


def run_renew(arguments: argparse.Namespace) -> None:
    client = queries.client_named(arguments.name)
    _show(
        actions.renew_client(
            by=BY, client=client, days=arguments.days, overlap_hours=arguments.overlap_hours, now=datetime.now(UTC)
        )
    )


def run_block(arguments: argparse.Namespace) -> None:
    actions.block_client(by=BY, client=queries.client_named(arguments.name))
    say("Klien diblokir. Server yang sedang berjalan menolaknya dalam dua detik.")


def run_hook_make(arguments: argparse.Namespace) -> None:
    row = actions.make_webhook(
        by=BY, client=queries.client_named(arguments.name), target=arguments.target, events=_list(arguments.events)
    )
    say(f"Webhook {row.pk}. Rahasia: {queries.secret_of_webhook(row.pk)}")


def run_hook_list(arguments: argparse.Namespace) -> None:
    for one in queries.webhooks():
        say(f"{one.id}  klien {one.client}  {one.target}  {', '.join(one.events)}  "
            f"menunggu {one.waiting}, gagal {one.dead}")  # fmt: skip


def run_hook_secret(arguments: argparse.Namespace) -> None:
    say(queries.secret_of_webhook(arguments.id))


def run_hook_end(arguments: argparse.Namespace) -> None:
    actions.end_webhook(by=BY, hook=arguments.id)
    say("Webhook berakhir.")


def run_dead(arguments: argparse.Namespace) -> None:
    found = queries.deliveries(state=DeliveryState.DEAD, limit=1000)
    for one in found:
        say(f"{one.id}  {one.event} posisi {one.position}  {one.tries} percobaan  {one.status or one.problem}")
    say(f"{len(found)} kiriman gagal. Kirim lagi dengan satuatap api webhook resend KIRIMAN.")


def run_resend(arguments: argparse.Namespace) -> None:
    wanted = arguments.id
    if arguments.all:
        wanted = [one.id for one in queries.deliveries(state=DeliveryState.DEAD, limit=10_000)]
    for one in wanted:
        actions.send_again(by=BY, delivery=one, now=datetime.now(UTC))
    say(f"{len(wanted)} kiriman akan dicoba lagi dalam satu menit.")
