#!/bin/sh
# Install satuatap from the bundle that this file lies in, with no network:  sh install.sh /opt/satuatap
# Every file is checked against SHA256SUMS, every wheel again against the lock. Run again, it brings an older
# installation to this version; the data in SATUATAP_HOME is not touched (afterwards: satuatap upgrade).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/satuatap}

say() { echo "satuatap: $1" >&2; echo "          $2" >&2; }

wanted=$(sed -n 's/.*"python": "\([0-9.]*\)".*/\1/p' "$here/bundle.json")
machine=$(sed -n 's/.*"machine": "\([^"]*\)".*/\1/p' "$here/bundle.json")
python=""
for candidate in ${PYTHON:-} "python$wanted" python3; do
    if command -v "$candidate" > /dev/null 2>&1 &&
        [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])')" = "$wanted" ]; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Paket ini untuk Python $wanted, yang tidak ada di sini. Pasang, atau buat paket di mesin dengan Python yang sama." \
        "This bundle is for Python $wanted, which is not here. Install it, or make the bundle on a machine with the same Python."
    exit 1
fi
if [ "$(uname -m)" != "$machine" ]; then
    say "Paket ini untuk mesin $machine, ini $(uname -m). Buat paket di mesin sejenis." \
        "This bundle is for $machine, this machine is $(uname -m). Make the bundle on a machine of the same kind."
    exit 1
fi
echo "  memeriksa berkas ..."
if ! (cd "$here" && sha256sum --check --quiet SHA256SUMS); then
    say "Paket rusak waktu disalin; tidak ada yang dipasang. Salin lagi." \
        "The bundle was damaged while it was copied; nothing was installed. Copy it again."
    exit 1
fi
mkdir -p "$target"
if [ "$target" -ef "$here" ] || [ "$target" -ef "$here/satuatap" ]; then
    say "Pasang di luar folder paket, misalnya: sh install.sh /opt/satuatap" \
        "Install outside the folder of the bundle, such as: sh install.sh /opt/satuatap"
    exit 1
fi
# What another version had and this one has not must go: a step of tables that is left behind would still run.
for entry in "$here/satuatap"/* "$here/satuatap"/.[!.]*; do
    [ ! -e "$entry" ] || rm -rf "$target/${entry##*/}"
done
cp -R "$here/satuatap/." "$target/"
if ! "$target/.venv/bin/python" -c '' 2> /dev/null; then
    rm -rf "$target/.venv"
    "$python" -m venv "$target/.venv"
fi
echo "  memasang pustaka ..."
pip() { env -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS="$here/wheels" PIP_NO_INDEX=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$target/.venv/bin/python" -m pip "$@"; }
for lock in requirements-bootstrap.txt requirements.txt; do
    pip install --quiet --require-hashes --no-deps -r "$target/$lock"
done
pip install --quiet --no-deps --no-build-isolation -e "$target"
"$target/.venv/bin/python" -m compileall -q "$target/src" || true  # whoever serves may not write here
touch "$target/.venv/.uv" "$target/.venv/.installed"
chmod +x "$target/deploy/satuatap" # a stick may not know who may run what
"$target/.venv/bin/satuatap" build
echo "  terpasang di $target. Lanjut: docs/guides/install.md, bagian 2 (baru) atau upgrade.md (peningkatan)."
echo "  installed in $target. Go on: docs/guides/install.md, part 2 (new) or upgrade.md (upgrade)."
