"""What the application's own role may do in the database: as little as it needs, and never rewrite the journal."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from satuatap.plumbing.postgres.troubles import DatabaseTrouble

EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")

# Tables with fewer rights than that.
PROTECTED: dict[str, tuple[str, ...]] = {
    "journal_entry": ("SELECT", "INSERT"),  # append-only: what happened stays
    "journal_position": ("SELECT", "INSERT"),
    "journal_seal": ("SELECT", "INSERT"),  # so do its seals
    "journal_node": ("SELECT", "INSERT"),
    "plans_version": ("SELECT", "INSERT"),  # what a plan once said stays
    "malls_clock": ("SELECT",),  # no request can set a mall's clock
    "django_migrations": ("SELECT",),
}
APPEND_ONLY = ("journal_entry", "journal_position", "journal_seal", "journal_node")
FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE")


def give(owner: psycopg.Connection[Any], role: str) -> None:
    """Grant ``role`` its rights on every table and sequence of the schema; nothing to do for the owner itself.

    One transaction: a running application never sees a moment without its rights.
    """
    me = owner.execute("select current_user").fetchone()
    if me is None or me[0] == role:
        return  # one role for everything: refuse_too_many_rights will say so
    name = sql.Identifier(role)
    owner.execute(sql.SQL("grant usage on schema public to {}").format(name))
    owner.execute(sql.SQL("grant usage on all sequences in schema public to {}").format(name))
    tables = owner.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    for (table,) in tables:
        rights = PROTECTED.get(table, EVERYTHING)
        extra = [right for right in (*EVERYTHING, "TRUNCATE", "REFERENCES", "TRIGGER") if right not in rights]
        place = sql.Identifier("public", table)
        owner.execute(sql.SQL("revoke {} on {} from {}").format(_list(extra), place, name))
        owner.execute(sql.SQL("grant {} on {} to {}").format(_list(rights), place, name))
    owner.commit()


def _list(rights: tuple[str, ...] | list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(right) for right in rights)


def refuse_too_many_rights(application: psycopg.Connection[Any]) -> None:
    """The start is refused when the application could rewrite the journal: own it, alter it, or be superuser.

    Counted is what it may become, too: ``SET ROLE`` to a role that it is a member of needs no more than that.
    """
    for problem in (*_powers(application), *_rights(application)):
        raise DatabaseTrouble(
            f"Peran basis data aplikasi dapat mengubah jurnal ({problem}), maka satuatap tidak dimulai. "
            "Pakai peran lain di DATABASE_URL dan peran pemilik di DATABASE_OWNER_URL.",
            f"The application's database role could rewrite the journal ({problem}), so satuatap does not start. "
            "Use another role in DATABASE_URL and the owner's in DATABASE_OWNER_URL.",
        )


# Roles of PostgreSQL's own that write any table, or reach the server's files and programs and so everything.
WRITES_ALL = ("pg_write_all_data", "pg_write_server_files", "pg_execute_server_program")


def _powers(application: psycopg.Connection[Any]) -> list[str]:
    rows = application.execute(
        "select rolname, rolsuper, rolcreaterole, rolreplication, rolbypassrls, rolname = any(%s)"
        " from pg_roles where pg_has_role(current_user, oid, 'MEMBER') order by 1",
        [list(WRITES_ALL)],
    ).fetchall()
    words = ("superuser", "createrole", "replication", "bypassrls", "writes everything")
    return [f"{name}: {word}" for name, *powers in rows for word, has in zip(words, powers, strict=True) if has]


def _rights(application: psycopg.Connection[Any]) -> list[str]:
    found = []
    for table in APPEND_ONLY:
        # Who owns the table may do anything to it; who owns its schema may drop it.
        rows = application.execute(
            "select o.what, o.role::regrole::text, pg_has_role(current_user, o.role, 'MEMBER')"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace,"
            " lateral (values ('its owner', c.relowner), ('the owner of its schema', n.nspowner)) o(what, role)"
            " where c.oid = to_regclass(%s)",
            [f"public.{table}"],
        ).fetchall()
        found += [f"{table}: member of {what}, {role}" for what, role, member in rows if member]
        if rows:
            found += [f"{table}: {right.lower()}" for right in FORBIDDEN if _may(application, table, right)]
    return found


def _may(application: psycopg.Connection[Any], table: str, right: str) -> bool:
    how = "has_any_column_privilege" if right == "UPDATE" else "has_table_privilege"
    row = application.execute(
        f"select bool_or({how}(oid, %s, %s)) from pg_roles where pg_has_role(current_user, oid, 'MEMBER')",
        [f"public.{table}", right],
    ).fetchone()
    return bool(row and row[0])
