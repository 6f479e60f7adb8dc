# shellcheck shell=bash
# Finds a Python this project runs on, or provides one: PATH, then uv's own, then Debian's archive.

OLDEST_PYTHON=3.14.2

installed_python() {
    "$UV" python find --quiet --system --no-project --no-python-downloads \
        --python-preference system ">=$OLDEST_PYTHON" 2>/dev/null
}

# A network that is closed must be noticed at once, so there is no second try.
managed_python() {
    say "Fetching Python ${OLDEST_PYTHON%.*} with uv"
    if ! UV_HTTP_RETRIES=0 UV_HTTP_TIMEOUT=20 \
        "$UV" python install --quiet --no-bin "${OLDEST_PYTHON%.*}" 2>/dev/null; then
        say "uv cannot fetch Python on this machine"
        return 1
    fi
    installed_python
}

# shellcheck disable=SC2034 # the script that sources this reads $PYTHON
provide_python() { # the interpreter's path is in $PYTHON
    if PYTHON=$(installed_python); then return; fi
    if runs "$DEBIAN_PYTHON"; then
        PYTHON=$DEBIAN_PYTHON
        return
    fi
    if PYTHON=$(managed_python); then return; fi
    fetch_debian_python
    PYTHON=$DEBIAN_PYTHON
}

runs() { # runs INTERPRETER
    "$1" -I -c 'import ssl, sqlite3, ctypes, lzma, zlib' >/dev/null 2>&1
}
