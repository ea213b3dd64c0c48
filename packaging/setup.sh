# shellcheck shell=sh
# Makes a machine ready; sourced by run, test and bench, which set `root`. Says things on stderr.
#
# NO_APT=1          leaves system packages alone and goes on
# PYTHON=...        the Python the environment is made with (default: the first of 3.11 or newer)
# KEEPTAKE_VENV=... where the environment lies (default: .venv)

venv=${KEEPTAKE_VENV:-$root/.venv}

app_packages="libvlc5 vlc-plugin-base vlc-plugin-video-output ffmpeg
    libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0
    libdbus-1-3 libfontconfig1 libglib2.0-0 fonts-dejavu-core"
screen_packages="xvfb xauth dbus dbus-daemon"

say() {
    printf '%s\n' "$*" >&2
}

stop() {
    say "$*"
    exit 3
}

# Sets `python` to a Python that is new enough.
find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    stop "Keeptake needs Python 3.11 or newer; none was found."
}

on_debian() {
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null
}

# Prints those of the packages that nothing installed is or provides (libglib2.0-0t64 provides
# libglib2.0-0).
missing_packages() {
    # shellcheck disable=SC2016 # dpkg-query's own variables
    dpkg-query --show --showformat '${db:Status-Status} ${Package}, ${Provides}\n' |
        awk -v wanted="$*" '
            $1 == "installed" {
                sub(/^installed /, ""); gsub(/\([^)]*\)/, "")
                n = split($0, names, /[ ,]+/)
                for (i = 1; i <= n; i++) have[names[i]] = 1
            }
            END {
                n = split(wanted, names, /[ \n]+/)
                for (i = 1; i <= n; i++) if (names[i] && !(names[i] in have)) print names[i]
            }'
}

can_make_environment() {
    "$python" -c 'import venv' 2>/dev/null &&
        { "$python" -c 'import ensurepip' 2>/dev/null || "$python" -c 'import pip' 2>/dev/null; }
}

# Installs what is missing of the packages given, or prints the line that does and stops.
system_packages() {
    [ "${NO_APT:-}" != 1 ] || return 0
    if ! on_debian; then
        say "This is neither Debian nor Ubuntu: VLC 3, ffmpeg and Qt's libraries must be there."
        return 0
    fi
    [ -x "$venv/bin/python" ] || can_make_environment || set -- "$@" python3-pip
    # shellcheck disable=SC2046 # one package a word
    set -- $(missing_packages "$@")
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ]; then
        sudo=""
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo="sudo -n"
    else
        stop "System packages are missing. Please run this line, then start again:
    sudo apt-get install --no-install-recommends $*"
    fi
    say "Installing system packages: $*"
    apt_get() {
        # shellcheck disable=SC2086 # empty or two words
        $sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" >&2
    }
    apt_get update || say "The package lists could not be renewed; trying with those at hand."
    apt_get install --no-install-recommends --yes "$@" || stop "apt-get could not install: $*"
}

# The name of a lock's present state: its content and the Python it is installed for.
state_of() {
    { cat "$root/packaging/$1"; "$venv/bin/python" -VV; } | sha256sum | cut -d ' ' -f 1
}

is_installed() {
    [ -x "$venv/bin/python" ] && [ -f "$venv/$1.stamp" ] &&
        [ "$(cat "$venv/$1.stamp")" = "$(state_of "$1")" ]
}

make_environment() {
    if [ -x "$venv/bin/python" ] &&
        "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        return
    fi
    can_make_environment || stop "Python can neither make an environment nor find pip. On Debian and
Ubuntu run this line, then start again:
    sudo apt-get install --no-install-recommends python3-pip"
    say "Making the environment in $venv"
    # Debian's python3 has no ensurepip; then its pip works from outside.
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv --clear "$venv"
    else
        "$python" -m venv --clear --without-pip "$venv"
    fi
}

# Installs the lock given, unless it is installed.
install_lock() {
    if is_installed "$1"; then
        return
    fi
    make_environment
    say "Installing packages from packaging/$1"
    if "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        set -- "$1" "$venv/bin/python" -m pip
    else
        set -- "$1" "$python" -m pip --python "$venv/bin/python"
    fi
    lock=$1
    shift
    # Wheels only: a source package would run its own build with packages that no hash pins.
    "$@" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
        --requirement "$root/packaging/$lock" >&2 ||
        stop "The packages could not be installed; is there a network?"
    state_of "$lock" >"$venv/$lock.stamp"
}

# What runs the app finds this checkout, and never a folder "app" where it was started from.
use_environment() {
    export PYTHONPATH="$root" PYTHONSAFEPATH=1
    # Byte code lies with the environment: a start takes half the time, and the checkout stays clean.
    unset PYTHONDONTWRITEBYTECODE
    export PYTHONPYCACHEPREFIX="$venv/bytecode"
}

has_screen() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

# Becomes the command given, on a screen and a session bus of its own.
exec_on_own_screen() {
    exec xvfb-run --auto-servernum --server-args "-screen 0 1920x1080x24 -nolisten tcp" \
        dbus-run-session -- "$@"
}
