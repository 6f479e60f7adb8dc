# shellcheck shell=bash
# Finds the browser that the browser tests drive, or installs Debian's where that is allowed.

find_chromium() { # the path is in $WUTS_CHROMIUM, for the tests
    local name
    for name in chromium chromium-browser google-chrome; do
        if WUTS_CHROMIUM=$(command -v "$name"); then
            export WUTS_CHROMIUM
            return
        fi
    done
    unset WUTS_CHROMIUM
    return 1
}

install_chromium() {
    local log
    have apt-get && [[ $(id -u) == 0 ]] || return 1
    say "Installing Debian's chromium for the browser tests"
    new_temporary chromium
    log=$REPLY/apt.log
    if ! { apt-get --quiet update &&
        DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes --no-install-recommends \
            install chromium; } >"$log" 2>&1 </dev/null; then
        tail -n 5 "$log" >&2
        return 1
    fi
}

provide_chromium() {
    if find_chromium; then return; fi
    install_chromium && find_chromium
}

tell_chromium_is_missing() {
    say "SKIPPED: the tests that drive a browser, as there is no Chromium on PATH." \
        "Install it (on Debian, as root: apt-get install chromium) and run this again."
}
