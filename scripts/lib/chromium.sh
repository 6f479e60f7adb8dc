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

provide_chromium() {
    if find_chromium; then return; fi
    install_from_debian chromium "the browser tests" && find_chromium
}

tell_chromium_is_missing() {
    say "SKIPPED: the tests that drive a browser, as there is no Chromium on PATH." \
        "Install it (on Debian, as root: apt-get install chromium) and run this again."
}
