"""The sheet of keys: written, typed again, and every slip noticed."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from satuatap.plumbing import keyring
from satuatap.project.cli.keys_typed import typed
from satuatap.project.cli.sentences import Trouble
from satuatap.project.operate import sheet
from tests.project.operate.installations import command, refused, well


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def ring(tmp_path: Path) -> keyring.Keyring:
    return keyring.load(tmp_path / "keys").with_new("fields")


def test_what_was_printed_can_be_read_again_whatever_is_around_it(ring: keyring.Keyring):
    text = sheet.as_text(ring)
    assert sheet.read_keys(text) == list(ring.keys)
    spaced = "\n\n".join("   " + line.replace(" ", "  ") for line in text.splitlines())
    assert sheet.read_keys(spaced) == list(ring.keys)
    rows = [{name: getattr(key, name) for name in ("id", "purpose", "made", "secret")} for key in ring.keys]
    assert sheet.read_keys(json.dumps({"keys": rows})) == list(ring.keys)
    secret = ring.current("backup").secret
    assert [key.secret for key in sheet.read_keys(secret.lower())] == [secret]
    broken = "\n".join("\n".join(line.split()) for line in text.splitlines() if line.split()[:1] and line[0] in "bfi")
    assert sheet.read_keys(broken) == list(ring.keys), "typed word by word"
    assert sheet.read_keys("nothing here\n") == []


def test_every_slip_of_one_letter_is_noticed(ring: keyring.Keyring):
    line = next(line for line in sheet.as_text(ring).splitlines() if line.startswith("index"))
    for place in range(7, len(line)):
        if line[place] == " ":
            continue
        slipped = line[:place] + ("x" if line[place] != "x" else "y") + line[place + 1 :]
        with pytest.raises(Trouble, match="mistyped"):
            sheet.read_keys(slipped)
    with pytest.raises(Trouble, match="mistyped"):
        sheet.read_keys(line[:-8])
    with pytest.raises(Trouble, match="no file of keys"):
        sheet.read_keys('{"keys": 1}')


def test_a_ring_from_what_was_given(ring: keyring.Keyring):
    whole, missing = sheet.ring_for(list(ring.keys), "backup-x")
    assert whole == ring and missing == []
    secret = ring.current("backup").secret
    bare, missing = sheet.ring_for(sheet.read_keys(secret), "backup-12345678")
    assert missing == ["fields", "index"] and bare.named("backup-12345678").secret == secret


def test_on_paper_and_back_by_the_command_line(tmp_path: Path):
    home, other = tmp_path / "home", tmp_path / "other"
    paper, text = tmp_path / "sheet.pdf", tmp_path / "sheet.txt"
    well(command(home, "keys", "sheet", "--pdf", paper, "--text", text))
    assert paper.read_bytes().startswith(b"%PDF") and stat.S_IMODE(paper.stat().st_mode) == 0o600
    assert sheet.read_file(text) == list(keyring.read(home / "keys.json").keys)
    refused(command(home, "keys", "sheet", "--text", text), "Choose the name of a new file")
    well(command(other, "keys", "list"))
    before = keyring.read(other / "keys.json")
    well(command(other, "keys", "enter", text))
    after = keyring.read(other / "keys.json")
    assert len(after.keys) == 6
    for purpose in keyring.PURPOSES:
        assert after.current(purpose) == before.current(purpose), "nothing new is sealed with a key from paper"


def test_typed_on_a_terminal_a_slip_costs_one_line(
    ring: keyring.Keyring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lines = [
        line for line in sheet.as_text(ring).splitlines() if line.split()[:1] and line.split()[0] in keyring.PURPOSES
    ]
    slipped = lines[0][:-1] + ("0" if lines[0][-1] != "0" else "1")
    broken = lines[1].rsplit(" ", 2)
    given = iter([slipped, lines[0], "nothing", broken[0], " ".join(broken[1:]), *lines[2:], ""])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda prompt: next(given))
    assert sheet.read_keys(typed()) == list(ring.keys)
    said = capsys.readouterr()
    assert said.err.count("mistyped") == 1 and said.out.count("cocok") == len(lines) and "skipped" in said.out


def test_a_file_that_may_not_be_read_is_not_called_a_wrong_file(tmp_path: Path):
    with pytest.raises(Trouble, match="can't be read"):
        sheet.read_file(tmp_path)
    with pytest.raises(Trouble, match=r"can't be read .No such file"):
        sheet.read_file(tmp_path / "none")
