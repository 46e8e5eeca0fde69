"""Killed at any step, a change is either not begun or brought to its end by whoever comes next."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from satuatap.plumbing.holding import holding
from satuatap.project.environment import EnvironmentTrouble
from satuatap.project.operate import changeover
from satuatap.project.operate.changeover import changing, finish


class Killed(BaseException):
    """The process ended here."""


def make(home: Path) -> None:
    home.mkdir()
    for name in ("postgres", "roots"):
        (home / name).mkdir()
        (home / name / "file").write_text("old")
    (home / "keys.json").write_text("old")
    (home / "stays").write_text("old")


def fill(change: changeover.Change) -> None:
    (change.new / "postgres").mkdir()
    (change.new / "postgres" / "file").write_text("new")
    (change.new / "keys.json").write_text("new")
    (change.new / "added").write_text("new")


def state(home: Path) -> dict[str, str]:
    paths = sorted(path for path in home.rglob("*") if path.is_file() and path.name != changeover.LOCK)
    return {str(path.relative_to(home)): path.read_text() for path in paths}


def _filled_then_killed(change: changeover.Change) -> None:
    fill(change)
    raise Killed


OLD = {"keys.json": "old", "postgres/file": "old", "roots/file": "old", "stays": "old"}
NEW = {**OLD, "added": "new", "keys.json": "new", "postgres/file": "new"}


def test_without_a_decision_nothing_has_happened(tmp_path: Path):
    home = tmp_path / "home"
    make(home)
    with pytest.raises(Killed), changing(home) as change:
        _filled_then_killed(change)
    assert state(home) == OLD
    finish(home)
    assert state(home) == OLD


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[str]:
    """The process ends before the step-th change of a folder."""
    done: list[str] = []
    really = {name: getattr(Path, name) for name in ("rename", "replace", "unlink", "mkdir")}

    def watched(name: str):
        def act(self: Path, *words: object, **more: object):
            if len(done) == step:
                raise Killed
            done.append(f"{name} {self.name}")
            return really[name](self, *words, **more)

        return act

    for name in really:
        monkeypatch.setattr(Path, name, watched(name))
    return done


@pytest.mark.parametrize("keep", ["", "before"])
@pytest.mark.parametrize("step", range(20))
def test_killed_at_each_step_of_the_move_it_is_all_old_or_all_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int, keep: str
):
    home = tmp_path / "home"
    make(home)
    context = changing(home)
    change = context.__enter__()
    fill(change)
    with monkeypatch.context() as patched:
        kill_at(patched, step)
        with contextlib.suppress(Killed):
            change.commit(keep)
    decided = (home / changeover.FOLDER / changeover.COMMITTED).exists() or (home / "added").exists()
    with contextlib.suppress(Killed):
        context.__exit__(Killed, Killed(), None)  # the lock goes with the process
    finish(home)
    found = state(home)
    kept = {name: text for name, text in found.items() if name.startswith("before-")}
    assert {name: text for name, text in found.items() if name not in kept} == (NEW if decided else OLD)
    if keep and decided:
        assert sorted(name.partition("/")[2] for name in kept) == ["keys.json", "postgres/file"]
        assert set(kept.values()) == {"old"}
    assert not (home / changeover.FOLDER).exists()


def test_while_another_process_changes_it_nobody_else_does(tmp_path: Path):
    home = tmp_path / "home"
    make(home)
    with holding(home / changeover.LOCK):
        with pytest.raises(EnvironmentTrouble, match="being restored or upgraded"), changing(home):
            pass
        (home / changeover.FOLDER).mkdir()
        (home / changeover.FOLDER / changeover.COMMITTED).write_text('{"names": [], "kept": ""}')
        with pytest.raises(EnvironmentTrouble, match="being restored or upgraded"):
            finish(home)
    finish(home)
    assert state(home) == OLD
