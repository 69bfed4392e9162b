#!/usr/bin/env bash
# Make this checkout ready: say what is missing, install it where we may, build .venv from the hashed locks.
# Usage: ./bootstrap.sh run|dev|foreign     (run: what the platform needs; dev: tests and checks besides; foreign: run, and programs of others)
set -euo pipefail
cd "$(dirname "$0")"
kind=${1:-run}

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
refreshed=no
install() { # Debian packages, as root only
  if [ "$refreshed" = no ]; then apt-get -qq update >/dev/null; refreshed=yes; fi
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null
}

for candidate in python3.13 python3.12 python3.11 python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "${python:-}" ]; then
  may_install || { echo "bhxh needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
  install python3 python3-venv; python=python3
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  may_install || { echo "bhxh needs Python's venv module. On Debian: apt-get install python3-venv" >&2; exit 1; }
  install python3-venv
fi

locks="requirements/run.lock"
[ "$kind" = dev ] && locks="$locks requirements/dev.lock"
stamp=.venv/.locked-${kind/foreign/run}
wanted=$(cat $locks | sha256sum | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  echo "bootstrap: building .venv from $locks (once; about a minute)"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  arguments=""; for lock in $locks; do arguments="$arguments -r $lock"; done
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes $arguments
  echo "$wanted" > "$stamp"
fi

missing="" # witnesses: other people's programs
need() { command -v "$1" >/dev/null || missing="$missing $2"; } # program, Debian package
case "$kind" in
  dev) need xmlsec1 xmlsec1; need pdftoppm poppler-utils; need softhsm2-util softhsm2; need chromium chromium ;;
  foreign)
    need openssl openssl; need xmlsec1 xmlsec1; need pdfsig poppler-utils; need qpdf qpdf; need mutool mupdf-tools
    need zbarimg zbar-tools; need node nodejs; need npm npm ;;
esac
if [ -n "$missing" ]; then
  if may_install; then echo "bootstrap: installing$missing"; install $missing
  else echo "bootstrap: NOT installed:$missing - what needs them will not be checked, and that is told loudly. On Debian: apt-get install$missing"; fi
fi
