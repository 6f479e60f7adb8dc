# shellcheck shell=bash
# Provides axe-core, which checks whether everybody can use a page. Its version and hash are in
# tests/core/wuts/page/axe.

AXE_PINS=$ROOT/tests/core/wuts/page/axe
AXE_HOME=$CACHE/axe

find_axe() { # the path is in $WUTS_AXE, for the tests
    local script=$AXE_HOME/node_modules/axe-core/axe.min.js
    [[ -r $script ]] && is_installed_by_npm "$AXE_PINS" "$AXE_HOME" || return 1
    export WUTS_AXE=$script
}

provide_axe() {
    if find_axe; then return; fi
    have npm || return 1
    say "Installing axe-core for the tests of the pairing page"
    install_by_npm "$AXE_PINS" "$AXE_HOME" && find_axe
}

tell_axe_is_missing() {
    say "SKIPPED: whether everybody can use the pairing page, as there is no axe-core." \
        "It comes by npm: install Node.js and npm, and run this again."
}
