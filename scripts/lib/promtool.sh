# shellcheck shell=bash
# Finds promtool, which checks metrics and rules, or takes it out of Debian's package of Prometheus.

UNPACKED_PROMETHEUS=$CACHE/prometheus

find_promtool() { # the path is in $WUTS_PROMTOOL, for the tests
    local name
    for name in promtool "$UNPACKED_PROMETHEUS/usr/bin/promtool"; do
        if WUTS_PROMTOOL=$(command -v "$name"); then
            export WUTS_PROMTOOL
            return
        fi
    done
    unset WUTS_PROMTOOL
    return 1
}

provide_promtool() {
    if find_promtool; then return; fi
    unpack_from_debian prometheus "$UNPACKED_PROMETHEUS" "the tests of metrics and rules" &&
        find_promtool
}

tell_promtool_is_missing() {
    say "SKIPPED: the tests of metrics and rules, as there is no promtool on this machine." \
        "Install it (on Debian, as root: apt-get install prometheus) and run this again."
}
