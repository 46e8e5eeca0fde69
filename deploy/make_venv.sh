#!/bin/sh
# A virtual environment with uv in it, on a machine that has only Python. Every trouble is one sentence.
set -eu
venv=$1

python=""
for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" > /dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "satuatap: Python 3.11 atau lebih baru tidak ditemukan. Pasang (Debian 12: apt install python3 python3-venv), lalu ulangi." >&2
    echo "          Python 3.11 or newer was not found. Install it (Debian 12: apt install python3 python3-venv), then repeat." >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2> /dev/null; then
    echo "satuatap: Python ini tidak punya venv. Pasang (Debian: apt install python3-venv), lalu ulangi." >&2
    echo "          This Python has no venv. Install it (Debian: apt install python3-venv), then repeat." >&2
    exit 1
fi
# An environment that was moved or left half-made is made anew.
if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null ||
    ! "$venv/bin/python" -m pip --version > /dev/null 2>&1; then
    echo "  membuat lingkungan Python ($("$python" --version)) ..."
    rm -rf "$venv"
    if ! "$python" -m venv "$venv"; then
        echo "satuatap: folder $(pwd) tidak dapat ditulis atau venv gagal. Beri hak tulis, lalu ulangi." >&2
        echo "          The folder $(pwd) can't be written, or venv failed. Grant the right, then repeat." >&2
        exit 1
    fi
fi
echo "  memasang pemasang (uv) ..."
if ! "$venv/bin/python" -m pip install --quiet --require-hashes -r requirements-bootstrap.txt; then
    echo "satuatap: pustaka tidak dapat diambil. Periksa jaringan ke PyPI (atau PIP_INDEX_URL), lalu ulangi." >&2
    echo "          Packages can't be fetched. Check the network to PyPI (or PIP_INDEX_URL), then repeat." >&2
    exit 1
fi
touch "$venv/.uv"
