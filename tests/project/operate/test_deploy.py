"""What is copied to /etc is tried by the program that reads it, as far as it is on this machine."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from satuatap.web.live import metrics
from tests.project.server import free_port

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
NAME = "mpp.example.go.id"


def program(name: str) -> str:
    """On the path, or where SATUATAP_TEST_PROGRAMS says; missing is said loudly."""
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("SATUATAP_TEST_PROGRAMS", ""), os.environ["PATH"]]))
    if found is None:
        pytest.skip(f"{name} is not here: apt-get install {name}, then repeat")
    return found


def test_systemd_takes_the_units(tmp_path: Path):
    analyze = program("systemd-analyze")
    stand_in = tmp_path / "satuatap"
    stand_in.symlink_to(sys.executable)
    units = []
    for source in sorted((DEPLOY / "systemd").iterdir()):
        unit = tmp_path / source.name
        text = source.read_text()
        assert "satuatap" in text
        unit.write_text(text.replace("/opt/satuatap/.venv/bin/satuatap", str(stand_in)))
        units.append(unit)
    assert len(units) == 3
    done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "satuatap" in line]
    assert done.returncode == 0 and not ours, done.stderr
    broken = tmp_path / "satuatap-broken.service"
    broken.write_text("[Service]\nExecStart=relative\nKillMode=sometimes\n")
    said = subprocess.run([analyze, "verify", broken], capture_output=True, text=True)
    assert said.returncode or said.stderr, "systemd-analyze must be able to say no"


def test_the_command_runs_with_the_settings_of_the_service(tmp_path: Path):
    """Read as systemd reads them; what the environment says counts more, and nothing in a value is run."""
    program, said = tmp_path / "opt/.venv/bin/satuatap", tmp_path / "said"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\necho "$@" > {said}\nenv >> {said}\numask >> {said}\n')
    (tmp_path / "opt/deploy").mkdir()
    command = tmp_path / "opt/deploy/satuatap"
    shutil.copy(DEPLOY / "satuatap", command)
    (tmp_path / "link").symlink_to(command)
    program.chmod(0o755)
    url = "postgresql://a:p$HOME'`touch x`@db/mpp?x=1"
    settings = tmp_path / "satuatap.env"
    settings.write_text(
        f'# one\nPORT=8000\n\nSATUATAP_HOME=/srv/a\nWORDS="two words"\nDATABASE_URL={url}\nBAD-NAME=1\n'
    )
    env = {"PATH": os.environ["PATH"], "SATUATAP_HOME": "/srv/drill", "SATUATAP_USER": "no-such-user"}
    env["SATUATAP_SETTINGS"] = str(settings)
    subprocess.run([tmp_path / "link", "doctor", "a b"], env=env, cwd=tmp_path, check=True)
    lines = said.read_text().splitlines()
    assert lines[0] == "doctor a b" and lines[-1] == "0077" and not (tmp_path / "x").exists()
    for line in ("PORT=8000", "SATUATAP_HOME=/srv/drill", "WORDS=two words", f"DATABASE_URL={url}"):
        assert line in lines
    assert not [line for line in lines if "BAD" in line]
    missing = subprocess.run(
        [command, "doctor"], env={**env, "SATUATAP_SETTINGS": "/none"}, capture_output=True, text=True
    )
    assert missing.returncode == 1 and "Run as root" in missing.stderr


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of an authority of our own."""
    program("openssl")
    folder = tmp_path_factory.mktemp("tls")
    folder.parent.chmod(0o755)
    subprocess.run(["sh", DEPLOY / "authority.sh", folder, NAME, "127.0.0.1"], check=True, capture_output=True)
    return folder


def test_an_authority_of_ones_own_renews_without_changing_itself(papers: Path, tmp_path: Path):
    folder = tmp_path / "tls"
    shutil.copytree(papers, folder)
    before = {name: (folder / name).read_bytes() for name in ("authority.pem", "server.pem", "server.key")}
    subprocess.run(["sh", DEPLOY / "authority.sh", folder, NAME, "10.0.0.5"], check=True, capture_output=True)
    assert (folder / "authority.pem").read_bytes() == before["authority.pem"]
    assert (folder / "server.pem").read_bytes() != before["server.pem"]
    assert (folder / "server.key").stat().st_mode & 0o077 == 0
    check = ["openssl", "verify", "-CAfile", folder / "authority.pem", "-verify_hostname", NAME, folder / "server.pem"]
    assert subprocess.run(check, capture_output=True).returncode == 0
    (folder / "authority.key").unlink()
    done = subprocess.run(["sh", DEPLOY / "authority.sh", folder, NAME], capture_output=True, text=True)
    assert done.returncode == 1 and "put it back" in done.stderr


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked with; /langsung/ is a stream whose second line waits until the first was read."""

    first_was_read = threading.Event()
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/langsung/"):
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("connection", "close")
            self.end_headers()
            self.wfile.write(b"data: first\n\n")
            self.wfile.flush()
            self.first_was_read.wait(60)
            self.wfile.write(b"data: second\n\n")
            return
        body = json.dumps({key.lower(): value for key, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def running(command: list[object], port: int, folder: Path) -> Iterator[None]:
    upstream = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    for path in folder.iterdir():
        if path.is_file() and b"127.0.0.1:8000" in path.read_bytes():
            path.write_text(path.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{upstream.server_port}"))
    process = subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
    try:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
                break
            assert process.poll() is None and time.monotonic() < until, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        upstream.shutdown()


def hold_to_what_it_promises(port: int, papers: Path) -> None:
    """The same for both proxies."""
    context = ssl.create_default_context(cafile=str(papers / "authority.pem"))
    context.check_hostname = True

    def ask(path: str, **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30)
        line.request("GET", path, headers={"Host": NAME, **headers})
        return line.getresponse()

    told = json.loads(ask("/", **{"X-Forwarded-For": "6.6.6.6", "X-Request-ID": "mine-mine"}).read())
    assert told["x-forwarded-for"] == "127.0.0.1", "a caller can't say who she is"
    assert told["x-forwarded-proto"] == "https" and told["host"].split(":")[0] == NAME
    assert told["x-request-id"] != "mine-mine" and len(told["x-request-id"]) >= 8
    assert ask("/metrics").status == 404
    Echo.first_was_read.clear()
    stream = ask("/langsung/papan")  # one that is held back until it ends is cut off by the limit of this connection
    assert stream.readline() == b"data: first\n"
    Echo.first_was_read.set()
    assert stream.read().endswith(b"data: second\n\n")


def nginx_folder(tmp_path: Path, papers: Path, port: int, plain: int) -> Path:
    text = (DEPLOY / "nginx" / "satuatap.conf").read_text()
    text = re.sub(r"listen \[::\].*\n", "", text)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace(
        "listen 80;", f"listen 127.0.0.1:{plain};"
    )
    text = text.replace("/etc/satuatap/tls", str(papers))
    (tmp_path / "satuatap.conf").write_text(text)
    temporary = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; pid {tmp_path}/pid; error_log stderr; events {{}}\n"
    (tmp_path / "main.conf").write_text(
        f"{main}http {{ access_log off; {temporary}\ninclude {tmp_path}/satuatap.conf; }}\n"
    )
    return tmp_path


def test_nginx_takes_it_and_does_what_it_promises(tmp_path: Path, papers: Path):
    nginx = program("nginx")
    port, plain = free_port(), free_port()
    folder = nginx_folder(tmp_path, papers, port, plain)
    command = [nginx, "-p", folder, "-c", folder / "main.conf", "-e", "stderr"]
    done = subprocess.run([*map(str, command), "-t"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with running(command, port, folder):
        hold_to_what_it_promises(port, papers)
        line = http.client.HTTPConnection("127.0.0.1", plain, timeout=5)
        line.request("GET", "/papan?x=1", headers={"Host": NAME})
        answer = line.getresponse()
        assert (answer.status, answer.headers["location"]) == (308, f"https://{NAME}/papan?x=1")


def test_caddy_takes_it_and_does_what_it_promises(tmp_path: Path, papers: Path):
    caddy = program("caddy")
    port, plain = free_port(), free_port()
    text = (DEPLOY / "caddy" / "Caddyfile").read_text().replace("/etc/satuatap/tls", str(papers))
    text = text.replace(f"{NAME} {{", f"{NAME}:{port} {{\n\tbind 127.0.0.1", 1)
    head = f"{{\n\tadmin off\n\thttp_port {plain}\n\thttps_port {port}\n\tskip_install_trust\n"
    head += f"\tstorage file_system {tmp_path}\n"
    (tmp_path / "Caddyfile").write_text(f"{head}\tauto_https disable_redirects\n\tdefault_sni {NAME}\n}}\n{text}")
    done = subprocess.run(
        [caddy, "validate", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"],
        capture_output=True, text=True, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    command = [caddy, "run", "--config", tmp_path / "Caddyfile", "--adapter", "caddyfile"]
    with running(command, port, tmp_path):
        hold_to_what_it_promises(port, papers)


def test_every_setting_in_the_example_is_one_that_is_read():
    names = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "satuatap.env").read_text(), re.M)
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    assert len(names) >= 10
    assert not [name for name in names if f'"{name}"' not in source]


def test_the_dashboard_and_the_alerts_ask_for_figures_that_exist():
    source = Path(metrics.__file__).read_text()
    told = set(re.findall(r'"(satuatap_[a-z_]+)"', source))
    told |= {f"{name}{end}" for name in told for end in ("_total", "_bucket", "_count", "_sum")}
    dashboard = json.loads((DEPLOY / "monitoring" / "dashboard.json").read_text())
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    asked += " " + " ".join(re.findall(r"expr: (.*)", (DEPLOY / "monitoring" / "satuatap-alerts.yml").read_text()))
    found = set(re.findall(r"satuatap_[a-z_]+", asked))
    assert len(found) >= 8
    assert not found - told
