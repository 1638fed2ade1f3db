# How the scripts here use apt without touching this system: package lists and packages go to a folder of their own.
# To be sourced, with `name` set to what messages begin with.

say() { printf '%s: %s\n' "$name" "$*" >&2; }

# A mirror that is being updated refuses for a while: try again.
retry() {
    for pause in 5 20 60 0; do
        "$@" && return 0
        [ "$pause" = 0 ] || { say "failed, next attempt in $pause s: $*"; sleep "$pause"; }
    done
    return 1
}

# Whether this is a system that has packages to unpack.
has_apt() {
    for tool in apt-get apt-cache dpkg; do
        command -v "$tool" >/dev/null || { say "there is no $tool here: this is not a Debian system"; return 1; }
    done
}

# private_apt FOLDER [ARCHITECTURE...]: from here on apt works in FOLDER, for this machine and these besides.
private_apt() {
    mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
    folder=$(cd "$1" && pwd)
    shift
    {
        printf 'Dir::State::Lists "%s/lists";\nDir::Cache "%s/cache";\n' "$folder" "$folder"
        printf 'APT::Sandbox::User "";\nAcquire::Languages "none";\n'
        if [ $# -gt 0 ]; then
            printf 'APT::Architectures { "%s";' "$(dpkg --print-architecture)"
            printf ' "%s";' "$@"
            printf ' };\n'
        fi
    } >"$folder/conf"
    export APT_CONFIG="$folder/conf"
}

# A list that a mirror has wrong does not spoil the others.
refresh() { apt-get -qq update || say "some package lists could not be fetched; going on with the rest"; }

# needed_for PACKAGE...: these, and what they need that this system does not have. One name a line.
needed_for() {
    {
        apt-get -s install --no-install-recommends "$@" | sed -n 's/^Inst \([^ ]*\).*/\1/p'
        printf '%s\n' "$@" # which this system may have already
    } | sort -u
}
