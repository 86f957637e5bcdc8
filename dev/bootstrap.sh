#!/bin/sh
# Finds a Python that can build the environment and hands over to bootstrap.py.
# Each candidate is tried by running it: a pyenv shim is on PATH even when it cannot run.
cd "$(dirname "$0")/.." || exit 1

# With --find it only says whether there is one.
found() {
    [ "$find_only" ] && exit 0
    exec "$1" dev/bootstrap.py
}
find_only=$1

able='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
new='import sys; sys.exit(sys.version_info < (3, 11))'

if [ -z "$PYTHON" ] && .venv/bin/python -c "$new" 2>/dev/null; then
    found .venv/bin/python
fi
for candidate in "$PYTHON" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3 \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3 python; do
    [ -n "$candidate" ] || continue
    if "$candidate" -c "$able" 2>/dev/null; then
        found "$candidate"
    fi
    if "$candidate" -c "$new" 2>/dev/null; then
        without_venv="${without_venv:-$candidate}"
    fi
    [ "$candidate" = "$PYTHON" ] && break
done

if [ -n "$without_venv" ]; then
    echo "Python at $without_venv comes without its venv module:" \
        "install it first (Debian and Ubuntu: sudo apt install python3-venv)." >&2
else
    echo "Blogsite needs Python 3.11 or newer and found none that runs:" \
        "install one, or name one with make PYTHON=/path/to/python3." >&2
fi
exit 1
