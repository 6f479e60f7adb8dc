# shellcheck shell=bash
# Finds the PostgreSQL server that the store's tests start, or installs Debian's where that is
# allowed. The tests look for it in the same places.

find_postgresql() {
    local folder
    if have initdb && have pg_ctl && have postgres; then return; fi
    for folder in /usr/lib/postgresql/*/bin; do # Debian's, which are not on PATH
        if [[ -x $folder/initdb && -x $folder/pg_ctl && -x $folder/postgres ]]; then return; fi
    done
    return 1
}

provide_postgresql() {
    if find_postgresql; then return; fi
    install_from_debian postgresql "the tests of the store" && find_postgresql
}

tell_postgresql_is_missing() {
    say "SKIPPED: the tests of the store on PostgreSQL, as there is no server on this machine." \
        "Install it (on Debian, as root: apt-get install postgresql) and run this again."
}
