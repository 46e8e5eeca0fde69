"""Render the hall's voice once: ``python -m satuatap.web.board.voice.make_clips``.

Needs Debian's espeak-ng, sox and opus-tools.

The clips are committed: a display needs no speech program. Generated speech is our own file, not covered by espeak-ng's
licence. A visit's number is spoken digit by digit ("satu empat tujuh"), a desk's sign as a number ("dua puluh empat").
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "board" / "voice"
DIGITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
LAST_SIGN = 60
ZONES = {"a": "a", "b": "bé", "c": "cé", "d": "dé", "e": "é", "f": "ef", "g": "gé", "h": "ha"}
LARGEST = 1_000_000  # bytes, all clips together

TRIM = ["silence", "1", "0.01", "0.5%", "reverse", "silence", "1", "0.01", "0.5%", "reverse", "norm", "-3"]
SIXTEEN = ["-r", "24000", "-c", "1", "-b", "16"]


def tone(hertz: int, seconds: float) -> list[str]:
    """sox's words for a soft bell: a tone and its octave, dying away."""
    length = str(seconds)
    return ["synth", length, "sine", str(hertz), "synth", length, "sine", "mix", str(hertz * 2),
            "fade", "q", "0.005", length, str(seconds - 0.05), "norm", "-6"]  # fmt: skip


def in_words(number: int) -> str:
    """A whole number from 1 to 99 in Indonesian."""
    if number < 10:
        return DIGITS[number]
    if number < 20:
        return {10: "sepuluh", 11: "sebelas"}.get(number, f"{DIGITS[number - 10]} belas")
    tens, ones = divmod(number, 10)
    return f"{DIGITS[tens]} puluh" + (f" {DIGITS[ones]}" if ones else "")


def sentences() -> dict[str, str]:
    """Clip name -> what it says."""
    said = {"nomor": "nomor", "loket": "silakan ke loket", "zona": "zona"}
    said |= {f"d{digit}": word for digit, word in enumerate(DIGITS)}
    said |= {f"n{number}": in_words(number) for number in range(1, LAST_SIGN + 1)}
    return said | {f"z{code}": word for code, word in ZONES.items()}


def render(name: str, text: str, work: Path) -> None:
    """One clip: spoken, without the silence around it, as Opus."""
    raw, cut = work / "raw.wav", work / "cut.wav"
    subprocess.run(["espeak-ng", "-v", "id", "-s", "138", "-p", "42", "-w", str(raw), text], check=True)
    subprocess.run(["sox", str(raw), *SIXTEEN, str(cut), *TRIM], check=True)
    encode(cut, name)


def chime(work: Path) -> None:
    """Two tones, a fourth apart, high then low: heard in a loud hall without being harsh."""
    high, low, both = work / "high.wav", work / "low.wav", work / "both.wav"
    subprocess.run(
        ["sox", "-n", *SIXTEEN, str(high), *tone(784, 0.9), "trim", "0", "0.45", "fade", "q", "0", "0.45", "0.08"],
        check=True,
    )
    subprocess.run(["sox", "-n", *SIXTEEN, str(low), *tone(587, 1.1)], check=True)
    subprocess.run(["sox", str(high), str(low), str(both)], check=True)
    encode(both, "chime")


def encode(source: Path, name: str) -> None:
    target = FOLDER / f"{name}.opus"
    subprocess.run(["opusenc", "--quiet", "--bitrate", "20", "--discard-comments", "--discard-pictures",
                    "--serial", "1", str(source), str(target)], check=True)  # fmt: skip


def main() -> None:
    """Render everything, then say how much it is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        chime(Path(folder))
        for name, text in sentences().items():
            render(name, text, Path(folder))
    size = sum(path.stat().st_size for path in FOLDER.glob("*.opus"))
    print(f"{len(list(FOLDER.glob('*.opus')))} clips, {size} bytes")
    if size > LARGEST:
        raise SystemExit("too large for the displays")


if __name__ == "__main__":
    main()
