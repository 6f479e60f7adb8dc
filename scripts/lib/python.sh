# shellcheck shell=bash
# Finds a Python this project runs on, or provides one: PATH, then uv's own, then Debian's archive.

OLDEST_PYTHON=3.14.2

# shellcheck disable=SC2034 # scripts/lock reads it
OLDEST_OF_LIBRARY=3.12

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

# The library also runs on an older Python. Whoever has none of that version goes without its tests.
# shellcheck disable=SC2034 # the script that sources this reads $PYTHON
provide_older_python() { # provide_older_python 3.12; the interpreter's path is in $PYTHON
    local version=$1 candidate
    while IFS= read -r candidate; do
        if runs "$candidate" && [[ $(version_of "$candidate") == "$version" ]]; then
            PYTHON=$candidate
            return
        fi
    done < <(older_candidates "$version")
    say "Fetching Python $version with uv"
    UV_HTTP_RETRIES=0 UV_HTTP_TIMEOUT=20 "$UV" python install --quiet --no-bin "$version" 2>/dev/null ||
        die "there is no Python $version on PATH or in pyenv, and uv cannot fetch one"
    PYTHON=$("$UV" python find --quiet --no-project --managed-python "$version")
}

version_of() { "$1" -I -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

older_candidates() { # PATH, then pyenv, which may have versions that it does not put on PATH
    local version=$1 folder
    type -ap "python$version"
    while IFS= read -r folder; do
        if [[ $folder == */shims ]]; then compgen -G "${folder%/shims}/versions/$version.*/bin/python3" || true; fi
    done < <(tr : '\n' <<<"$PATH")
    compgen -G "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/$version.*/bin/python3" || true
}
