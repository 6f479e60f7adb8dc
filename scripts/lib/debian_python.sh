# shellcheck shell=bash
# Unpacks Debian's Python 3.14, with the libraries it needs, into a folder of the project.
# It needs no root and changes nothing on the system. It is the last resort of scripts/setup.

DEBIAN_SUITE=forky
DEBIAN_FOLDER=$CACHE/python3.14
DEBIAN_PYTHON=$DEBIAN_FOLDER/usr/bin/python3.14
DEBIAN_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
DEBIAN_PACKAGES=(
    python3.14 python3.14-minimal python3.14-venv
    libpython3.14 libpython3.14-dev libpython3.14-minimal libpython3.14-stdlib
    libbz2-1.0 libc6 libcrypt1 libdb5.3t64 libexpat1 libffi8 libgcc-s1 liblzma5 libncursesw6
    libreadline8t64 libsqlite3-0 libssl3t64 libstdc++6 libtinfo6 libuuid1 libzstd1 zlib1g
)

no_python() { # no_python REASON
    die "no Python $OLDEST_PYTHON or later was found, and none could be fetched: $1." \
        "Install Python 3.14 so that python3.14 is on PATH (for instance: uv python install 3.14)," \
        "then run this again."
}

# The mirror is the one this machine already trusts for its own release.
debian_mirror() {
    local release
    release=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    apt-get --print-uris update 2>/dev/null |
        sed -nE "s#^'([^']+)/dists/(${release:-stable}|stable|testing)/InRelease'.*#\1#p" |
        head -n 1
}

private_apt() { # private_apt FOLDER ARGUMENT...
    local folder=$1
    shift
    apt-get --quiet \
        --option Dir::State="$folder/state" \
        --option Dir::State::Lists="$folder/lists" \
        --option Dir::State::Status=/dev/null \
        --option Dir::Cache="$folder/cache" \
        --option Dir::Etc::SourceList="$folder/sources.list" \
        --option Dir::Etc::SourceParts=/dev/null \
        --option Dir::Etc::PreferencesParts=/dev/null \
        --option APT::Sandbox::User="$(id -un)" \
        --option Acquire::Languages=none \
        "$@"
}

download_debian_packages() { # download_debian_packages FOLDER MIRROR
    local folder=$1
    mkdir -p "$folder"/{state,lists/partial,cache/archives/partial,packages}
    printf 'deb [signed-by=%s] %s %s main\n' "$DEBIAN_KEYRING" "$2" "$DEBIAN_SUITE" \
        >"$folder/sources.list"
    private_apt "$folder" update || return 1
    (cd "$folder/packages" && private_apt "$folder" download "${DEBIAN_PACKAGES[@]}")
}

# Debian's Python expects newer libraries than this system may have. It gets its own loader and
# its own libraries, which nothing else on the system sees.
bind_to_own_libraries() { # bind_to_own_libraries FOLDER
    local libraries loader
    libraries=$(cd "$1" && echo usr/lib/*-linux-gnu)
    loader=$(cd "$1" && echo "$libraries"/ld-linux-*.so.*)
    "$PATCHELF" --set-interpreter "$DEBIAN_FOLDER/$loader" "$1/usr/bin/python3.14"
    "$PATCHELF" --force-rpath --set-rpath "$DEBIAN_FOLDER/$libraries" "$1/usr/bin/python3.14"
}

fetch_debian_python() {
    local mirror package work
    if ! have apt-get || ! have dpkg; then no_python "this is not a Debian system"; fi
    [[ -r $DEBIAN_KEYRING ]] || no_python "the package debian-archive-keyring is not installed"
    mirror=$(debian_mirror)
    [[ -n $mirror ]] || no_python "apt has no Debian archive among its sources"
    provide_patchelf

    say "Fetching Python 3.14 from Debian $DEBIAN_SUITE (24 MB) into ${DEBIAN_FOLDER#"$ROOT"/}"
    new_temporary debian
    work=$REPLY
    download_debian_packages "$work" "$mirror" >"$work/apt.log" 2>&1 || {
        cat "$work/apt.log" >&2
        no_python "Debian's archive did not answer as expected"
    }
    mkdir "$work/python"
    for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/python"; done
    bind_to_own_libraries "$work/python"
    rm -rf "$DEBIAN_FOLDER"
    mv "$work/python" "$DEBIAN_FOLDER"
    runs "$DEBIAN_PYTHON" || no_python "Debian's Python does not run on this system"
}
