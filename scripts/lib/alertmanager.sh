# shellcheck shell=bash
# Finds the Alertmanager that the receivers' tests start, or takes it out of Debian's package.

UNPACKED_ALERTMANAGER=$CACHE/alertmanager

find_alertmanager() { # the path is in $WUTS_ALERTMANAGER, for the tests
    local name
    for name in alertmanager prometheus-alertmanager "$UNPACKED_ALERTMANAGER/usr/bin/prometheus-alertmanager"; do
        if WUTS_ALERTMANAGER=$(command -v "$name"); then
            export WUTS_ALERTMANAGER
            return
        fi
    done
    unset WUTS_ALERTMANAGER
    return 1
}

provide_alertmanager() {
    if find_alertmanager; then return; fi
    unpack_from_debian prometheus-alertmanager "$UNPACKED_ALERTMANAGER" "the tests of receivers" || return 1
    # Debian's reads its templates from /usr/share. Nothing is installed there, so let it read them from
    # where it is started.
    sed -i 's#/usr/share/prometheus/alertmanager#usr//share/prometheus/alertmanager#g' \
        "$UNPACKED_ALERTMANAGER/usr/bin/prometheus-alertmanager"
    find_alertmanager
}

tell_alertmanager_is_missing() {
    say "SKIPPED: the tests that notify an Alertmanager, as there is none on this machine." \
        "Install it (on Debian, as root: apt-get install prometheus-alertmanager) and run this again."
}
