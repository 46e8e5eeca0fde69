"""One PostgreSQL server of our own: its folder, its settings, its start and its end."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psycopg

from satuatap.plumbing.postgres.binaries import binaries, major_version
from satuatap.plumbing.postgres.child import NOT_POSSIBLE
from satuatap.plumbing.postgres.troubles import DatabaseTrouble

ADMIN = "postgres"
PORT = 5432  # only names the socket; there is no TCP
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path may be 107 bytes
START_WITHIN = 30.0
STOP_WITHIN = 10.0
CHILD = Path(__file__).with_name("child.py")
LOG_KEEP = 5_000_000

# Small: one city's server has a few dozen connections, and the machine also runs everything else.
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_connections": "off",
    "logging_collector": "off",
    "log_min_error_statement": "panic",  # statements may hold values that belong to people
    "log_parameter_max_length_on_error": "0",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_naptime": "15s",
}
# Since 18 reading has helpers of its own; at this size they only take memory.
SETTINGS_SINCE_18 = {"io_method": "sync"}
# Only for tests: a power cut may lose everything.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Cluster:
    """A database server in ``home``, startable by root and by anybody, that never outlives its launcher."""

    def __init__(self, home: Path, *, programs: Path | None = None, durable: bool = True) -> None:
        self.home = home.absolute()
        self.programs = programs or binaries()
        self.version = major_version(self.programs)
        self.settings = {
            **SETTINGS,
            **(SETTINGS_SINCE_18 if self.version >= 18 else {}),
            **({} if durable else NOT_DURABLE),
        }
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self.data = self.home / "data"
        self.log = self.home / "postgres.log"
        self.sockets = self._socket_folder()

    # ---------------------------------------------------------------- names

    def _socket_folder(self) -> Path:
        inside = self.home / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"satuatap-{os.getuid()}-{name}"

    def password(self, role: str) -> str:
        """The role's password, made at its first use, readable by the owner of the installation only."""
        path = self.home / "passwords" / role
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def url(self, role: str, database: str) -> str:
        """A libpq address over the private socket."""
        host = str(self.sockets).replace("/", "%2F")
        return f"postgresql://{role}:{self.password(role)}@{host}:{PORT}/{database}"

    # ---------------------------------------------------------------- life

    @property
    def is_new(self) -> bool:
        return not (self.data / "PG_VERSION").exists()

    def made_by(self) -> int:
        """The major version of the server that made this cluster; 0 when there is none or it can't be told."""
        try:
            return int((self.data / "PG_VERSION").read_text().strip())
        except (OSError, ValueError):
            return 0

    def hold(self) -> bool:
        """Take this cluster for this process; False if another process has it (and runs it)."""
        if self._lock is not None:
            return True
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = open(self.home / "lock", "a+")  # noqa: SIM115  (held until the end)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def start(self) -> None:
        """Make the cluster if there is none, start it, and wait until it answers."""
        if not self.hold():
            raise DatabaseTrouble(
                f"Basis data di {self.home} sedang dipakai proses satuatap lain. Hentikan itu dulu.",
                f"The database in {self.home} is in use by another satuatap process. Stop that one first.",
            )
        if self.is_new:
            self.initialise()
        self._check_version()
        try:
            self.restart()
        except DatabaseTrouble:
            self.release()
            raise

    def restart(self) -> None:
        """Start the server of a cluster that this process holds, and wait until it answers."""
        self._bury_the_dead()
        self.spawn()
        self.wait_until_ready()

    def is_running(self) -> bool:
        """Whether the server process lives; a dead one is reaped."""
        return self.process is not None and self.process.poll() is None

    def initialise(self) -> None:
        """initdb: UTF-8, the same order of letters on every machine, checksums, passwords by scram only."""
        self._own(self.home)
        shutil.rmtree(self.data, ignore_errors=True)
        password = self.home / "passwords" / ADMIN
        self.password(ADMIN)
        new = self.home / "data.new"  # moved into place when whole, so that a killed first start is simply repeated
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        arguments = ["-D", str(new), "-U", ADMIN, f"--pwfile={password}", "--auth=scram-sha-256"]
        arguments += ["--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-instructions"]
        if not self.durable:
            arguments.append("--no-sync")
        for how in self._ways():
            self._own(new, how)
            if how == "nobody":
                self._own(password, how)
            done = subprocess.run(
                self._command(how, "initdb", arguments), capture_output=True, text=True, env=self._environment()
            )
            if done.returncode == 0:
                break
            if done.returncode != NOT_POSSIBLE:
                self._fail_to_make(done.stderr)
        else:
            self._fail_to_make(done.stderr)
        new.rename(self.data)

    def _fail_to_make(self, said: str) -> None:
        last = " ".join(said.strip().splitlines()[-2:])
        raise DatabaseTrouble(
            f"Basis data tidak dapat dibuat di {self.home}: {last}. Periksa hak tulis dan ruang disk.",
            f"The database can't be made in {self.home}: {last}. Check rights and disk space.",
        )

    def spawn(self) -> None:
        """Start the server as a direct child. The thread that calls this must live as long as the server:
        the kernel counts its end as the parent's death."""
        self._make_socket_folder()
        if self.log.exists() and self.log.stat().st_size > LOG_KEEP:
            self.log.replace(self.log.with_suffix(".log.1"))
        arguments = ["-D", str(self.data), "-k", str(self.sockets)]
        for name, value in self.settings.items():
            arguments += ["-c", f"{name}={value}"]
        for how in self._ways():
            self._own(self.data, how)
            self._own(self.sockets, how)
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    self._command(how, "postgres", arguments),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    env=self._environment(),
                )
            if how == self._ways()[-1] or not self._refused(self.process):
                return

    def wait_until_ready(self, within: float = START_WITHIN) -> None:
        """Wait until the server answers; a database that can't start is one clear sentence."""
        assert self.process is not None
        until = time.monotonic() + within
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if self.answers():
                return
            time.sleep(0.05)
        self.end_server()
        raise DatabaseTrouble(
            f"PostgreSQL tidak dapat dimulai: {self.last_words()}. Catatan lengkap: {self.log}",
            f"PostgreSQL can't start: {self.last_words()}. The whole log: {self.log}",
        )

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        if not (self.sockets / f".s.PGSQL.{PORT}").exists():
            return False
        try:
            with psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        """End the server, and let go of the cluster."""
        self.end_server()
        self.release()

    def end_server(self) -> None:
        """A fast shutdown, an immediate one if that takes too long; the cluster stays held."""
        process, self.process = self.process, None
        if process is not None and process.poll() is None:
            for how, patience in ((signal.SIGINT, STOP_WITHIN), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(how)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(patience)
                    break

    def last_words(self) -> str:
        """The last thing that the server wrote."""
        try:
            lines = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return "?"
        loud = [line for line in lines[-30:] if any(word in line for word in ("FATAL", "PANIC", "HINT"))]
        return " ".join(loud[-2:] or lines[-1:])

    # ---------------------------------------------------------------- how

    def _ways(self) -> tuple[str, ...]:
        """How to be somebody that PostgreSQL accepts. What once was given to nobody stays nobody's."""
        if os.geteuid() != 0:
            return ("as-is",)
        if self.data.exists() and self.data.stat().st_uid != 0:
            return ("nobody",)
        return ("namespace", "nobody")

    def _command(self, how: str, program: str, arguments: list[str]) -> list[str]:
        python = [sys.executable, "-I", "-S", str(CHILD), how, str(os.getpid())]
        return [*python, str(self.programs / program), *arguments]

    @staticmethod
    def _refused(process: subprocess.Popen[bytes]) -> bool:
        """Whether this way is not possible here: the child says so within moments, before it is PostgreSQL."""
        until = time.monotonic() + 2
        while time.monotonic() < until:
            if process.poll() is not None:
                return process.returncode == NOT_POSSIBLE
            with contextlib.suppress(OSError):
                if b"child.py" not in Path(f"/proc/{process.pid}/cmdline").read_bytes():
                    return False
            time.sleep(0.01)
        return False

    def _environment(self) -> dict[str, str]:
        """Nothing of ours reaches the server, and it speaks English to its log."""
        kept = {key: os.environ[key] for key in ("PATH", "TMPDIR") if key in os.environ}
        return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def _own(self, path: Path, how: str = "") -> None:
        """Give a file or a whole folder to the user that the server will run as."""
        if how == "nobody":
            nobody = pwd.getpwnam("nobody")
            if path.stat().st_uid == nobody.pw_uid:
                return
            for entry in [path, *path.rglob("*")]:
                os.chown(entry, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
        elif not how:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _make_socket_folder(self) -> None:
        """Mode 0700 and nobody else's: a socket in a folder that others may write could be another's."""
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = self.sockets.lstat()
        allowed = {os.geteuid(), pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()}
        if not self.sockets.is_dir() or self.sockets.is_symlink() or state.st_uid not in allowed:
            raise DatabaseTrouble(
                f"Folder soket {self.sockets} milik pengguna lain. Hapus folder itu atau pakai SATUATAP_HOME lain.",
                f"The socket folder {self.sockets} belongs to someone else. Remove it, or use another SATUATAP_HOME.",
            )
        self.sockets.chmod(0o700)

    def _check_version(self) -> None:
        made, here = self.made_by(), self.version
        if made != here:
            raise DatabaseTrouble(
                f"Basis data di {self.home} dibuat PostgreSQL {made}, yang ada {here}. Pindahkan: satuatap upgrade",
                f"The database in {self.home} was made by PostgreSQL {made}, {here} is installed. Move it: satuatap "
                "upgrade",
            )

    def _bury_the_dead(self) -> None:
        """We hold the lock, so a server that still runs here has lost its launcher: let it end; a stale pid file
        may name a stranger's process by now and would keep us from starting."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        until = time.monotonic() + STOP_WITHIN
        while self._is_our_server(pid):
            if time.monotonic() > until:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
                until += STOP_WITHIN
            time.sleep(0.05)
        pid_file.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self.data) in words


@contextlib.contextmanager
def running(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster for the length of a block: the one that already runs, else one started for it."""
    if not cluster.hold():
        yield cluster
        return
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
