"""A bundle installs where there is no network; one that was damaged, or is for another machine, installs nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import bundling
from tests.project.server import environment, free_port

ROOT = Path(__file__).resolve().parents[3]


def quiet(line: str) -> None:
    """Nobody reads it."""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bundle without wheels: everything up to their installation."""
    monkeypatch.setattr(bundling, "_wheels", lambda checkout, target: target.mkdir())
    folder = tmp_path / "bundle"
    bundling.bundle(ROOT, folder, quiet)
    return folder


def install(folder: Path, target: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **more}
    return subprocess.run(["sh", folder / "install.sh", target], capture_output=True, text=True, env=env)


def test_it_has_the_source_the_assets_and_a_sum_of_everything(small: Path):
    assert (small / "satuatap/src/satuatap/project/settings.py").exists()
    assert (small / "satuatap/build/assets/vendor/icons.svg").exists()
    for name in (".git", ".venv", "var", "node_modules"):
        assert not (small / "satuatap" / name).exists()
    lines = (small / "SHA256SUMS").read_text().splitlines()
    files = [path for path in small.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    assert len(lines) == len(files)
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=small).returncode == 0
    assert json.loads((small / "bundle.json").read_text())["python"] == ".".join(map(str, sys.version_info[:2]))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "mine").write_text("x")
    with pytest.raises(Trouble, match="not empty"):
        bundling.bundle(ROOT, tmp_path, quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_one_that_was_damaged_on_the_way_installs_nothing(small: Path, tmp_path: Path):
    harmed = small / "satuatap/src/satuatap/project/settings.py"
    harmed.write_text(harmed.read_text() + "\n")
    done = install(small, tmp_path / "opt")
    assert done.returncode == 1 and "was damaged while it was copied" in done.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    ("word", "value", "sentence"),
    [("python", "3.99", "for Python 3.99, which is not here"), ("machine", "riscv64", "This bundle is for riscv64")],
)
def test_one_for_another_machine_says_so(small: Path, tmp_path: Path, word: str, value: str, sentence: str):
    about = json.loads((small / "bundle.json").read_text())
    (small / "bundle.json").write_text(json.dumps({**about, word: value}, indent=1))
    done = install(small, tmp_path / "opt", PYTHON=sys.executable)
    assert done.returncode == 1 and sentence in done.stderr
    assert not (tmp_path / "opt").exists()


def test_what_an_older_version_left_is_gone_and_data_stays(small: Path, tmp_path: Path):
    """A step of tables that another version had would run again. Without wheels pip stops it, after the copying."""
    target = tmp_path / "opt"
    left, data = target / "src/satuatap/features/visits/migrations/0999_gone.py", target / "var/secret_key"
    for path in (left, data):
        path.parent.mkdir(parents=True)
        path.write_text("x")
    install(small, target, PYTHON=sys.executable)
    assert (target / "src/satuatap/project/settings.py").exists() and not left.exists() and data.exists()
    inside = install(small, small / "satuatap", PYTHON=sys.executable)
    assert inside.returncode == 1 and "outside the folder of the bundle" in inside.stderr
    assert (small / "satuatap/src/satuatap/project/settings.py").exists()


NO_NETWORK = ["unshare", "--net", "sh", "-c"]
SERVE = """
ip link set lo up
"$0" serve > "$2" 2>&1 &
server=$!
for _ in $(seq 240); do
    if "$1" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1] + "/readyz"); u.urlopen(sys.argv[1] + "/")' \
        "http://127.0.0.1:$PORT" 2> /dev/null; then served=yes; break; fi
    sleep 0.5
done
"$1" -c 'import socket; socket.create_connection(("192.0.2.1", 80), 2)' 2> /dev/null && echo "there is a network"
kill -INT $server
wait $server
echo "served: ${served:-no}"
"""


@pytest.mark.soak
def test_it_installs_and_serves_in_an_empty_network(tmp_path: Path):
    """Slow: fetches and installs every wheel. Needs the right to make a network namespace."""
    if shutil.which("unshare") is None or subprocess.run([*NO_NETWORK, "ip link"], capture_output=True).returncode:
        pytest.skip("no right to make a network namespace (unshare --net) here: run as root, or in a machine that may")
    folder, target = tmp_path / "bundle", tmp_path / "opt"
    tmp_path.chmod(0o711)
    made = subprocess.run(
        [sys.executable, "-m", "satuatap.project.cli.main", "bundle", folder],
        capture_output=True, text=True, env=environment(tmp_path / "maker", free_port()), cwd=ROOT,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    env = {key: value for key, value in environment(tmp_path / "home", free_port()).items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [*NO_NETWORK, 'exec sh "$0" "$1"', folder / "install.sh", target],
        capture_output=True, text=True, env={**env, "PYTHON": sys.executable},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    satuatap, python = target / ".venv/bin/satuatap", target / ".venv/bin/python"
    ran = subprocess.run(
        [*NO_NETWORK, SERVE, satuatap, python, tmp_path / "serve.log"],
        capture_output=True, text=True, env=env, cwd=tmp_path,
    )  # fmt: skip
    assert ran.stdout.split("\n")[-2] == "served: yes", ran.stdout + ran.stderr + (tmp_path / "serve.log").read_text()
    assert "there is a network" not in ran.stdout
