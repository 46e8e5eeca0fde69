"""Idle memory of the whole system: the summed PSS of the server and every process under it, a minute after its start.

    .venv/bin/python benchmarks/memory.py [--seconds 60] [--json]

Starts the demo in a folder of its own, opens the city, signs nobody in, waits, and reads /proc/PID/smaps_rollup. PSS
counts a page that several processes share once, divided among them, so the sum is what the machine gives up.
"""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# as a script this folder comes first, and its queue.py would hide the standard library's
sys.path[:] = [str(_HERE.parent), *(p for p in sys.path if Path(p or ".").resolve() != _HERE)]

import argparse  # noqa: E402
import json  # noqa: E402
import shutil  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402

from tests.project import server  # noqa: E402


def children(pid: int) -> list[int]:
    """A process and everything under it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += children(int(child))
    return found


def pss_kb(pid: int) -> int:
    """Proportional set size in KiB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="satuatap-memory-"))
    try:
        began = time.monotonic()
        with server.serving(home / "home") as served:
            started = time.monotonic() - began
            time.sleep(args.seconds)
            pids = children(served.process.pid)
            row = {
                "start_s": round(started, 1),
                "processes": len(pids),
                "pss_mb": round(sum(map(pss_kb, pids)) / 1024, 1),
                "server_mb": round(pss_kb(served.process.pid) / 1024, 1),
            }
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(row) if args.json else "\n".join(f"{name:<12}{value}" for name, value in row.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
