# shellcheck shell=bash
# Finds promtool, which checks metrics and rules, or takes it out of Debian's package of Prometheus.

UNPACKED_PROMETHEUS=$CACHE/prometheus

find_promtool() { # the path is in $WUTS_PROMTOOL, for the tests
    if ! WUTS_PROMTOOL=$(command -v promtool); then
        WUTS_PROMTOOL=$UNPACKED_PROMETHEUS/usr/bin/promtool
    fi
    if [[ -x $WUTS_PROMTOOL ]]; then
        export WUTS_PROMTOOL
        return
    fi
    unset WUTS_PROMTOOL
    return 1
}

provide_promtool() {
    if find_promtool; then return; fi
    have apt-get && have dpkg || return 1
    say "Taking promtool out of Debian's prometheus, for the tests of metrics and rules"
    new_temporary prometheus
    if ! unpack_prometheus "$REPLY" >"$REPLY/apt.log" 2>&1 </dev/null; then
        tail -n 5 "$REPLY/apt.log" >&2
        return 1
    fi
    rm -rf "$UNPACKED_PROMETHEUS"
    mv "$REPLY/unpacked" "$UNPACKED_PROMETHEUS"
    find_promtool
}

unpack_prometheus() ( # unpack_prometheus FOLDER; nothing is installed
    cd "$1" || return
    if ! apt-get --quiet download prometheus; then # the list of packages may be older than they are
        apt-get --quiet update && apt-get --quiet download prometheus || return
    fi
    dpkg --extract prometheus_*.deb unpacked
)

tell_promtool_is_missing() {
    say "SKIPPED: the tests of metrics and rules, as there is no promtool on this machine." \
        "Install it (on Debian, as root: apt-get install prometheus) and run this again."
}
