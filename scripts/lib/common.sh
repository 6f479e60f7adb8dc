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

remove_temporary() {
    if ((${#TEMPORARY[@]})); then rm -rf "${TEMPORARY[@]}"; fi
}
trap remove_temporary EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
