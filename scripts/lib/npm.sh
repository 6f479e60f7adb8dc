# shellcheck shell=bash
# Installs what a package-lock.json pins, by version and hash. No install script of a package is run.

is_installed_by_npm() { # is_installed_by_npm PINS HOME
    cmp -s "$1/package-lock.json" "$2/package-lock.json"
}

install_by_npm() { # install_by_npm PINS HOME
    have npm || return 1
    new_temporary npm
    cp "$1"/package{,-lock}.json "$REPLY/"
    npm ci --prefix "$REPLY" --ignore-scripts --no-audit --no-fund --no-update-notifier \
        --loglevel=error >/dev/null || return 1
    rm -rf "$2"
    mv "$REPLY" "$2"
}
