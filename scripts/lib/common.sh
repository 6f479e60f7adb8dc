# shellcheck shell=bash
# Sourced by every script: where the project is, and how a script speaks.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=$ROOT/.cache
export ROOT CACHE

say() { printf '==> %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Temporary folders live beside what they become, so that a rename puts them in place at once.
TEMPORARY=()

new_temporary() { # new_temporary NAME; the folder's path is in $REPLY
    mkdir -p "$CACHE"
    REPLY=$(mktemp -d "$CACHE/$1.XXXXXX")
    TEMPORARY+=("$REPLY")
}

install_from_debian() { # install_from_debian PACKAGE WHAT_FOR; where that is allowed
    local log
    have apt-get && [[ $(id -u) == 0 ]] || return 1
    say "Installing Debian's $1 for $2"
    new_temporary "$1"
    log=$REPLY/apt.log
    if ! { apt-get --quiet update &&
        DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends \
            install "$1"; } >"$log" 2>&1 </dev/null; then
        tail -n 5 "$log" >&2
        return 1
    fi
}

# Nothing is installed: root is needed only where apt does not know what there is.
unpack_from_debian() { # unpack_from_debian PACKAGE FOLDER WHAT_FOR; where that is possible
    local work
    have apt-get && have dpkg || return 1
    say "Unpacking Debian's $1 for $3"
    new_temporary "$1"
    work=$REPLY
    if ! (
        cd "$work" || exit 1
        apt-get --quiet download "$1" ||
            { [[ $(id -u) == 0 ]] && apt-get --quiet update && apt-get --quiet download "$1"; } || exit 1
        dpkg --extract "$1"_*.deb unpacked
    ) >"$work/apt.log" 2>&1 </dev/null; then
        tail -n 5 "$work/apt.log" >&2
        return 1
    fi
    rm -rf "$2"
    mv "$work/unpacked" "$2"
}

remove_temporary() {
    if ((${#TEMPORARY[@]})); then rm -rf "${TEMPORARY[@]}"; fi
}
trap remove_temporary EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
