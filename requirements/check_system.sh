#!/bin/sh
# Reports all that `make setup` needs and this machine lacks, and the command that installs it.
# Silent if nothing is missing. Usage: check_system.sh PYTHON [OS_RELEASE]
python=${1:-python3}
os_release=${2:-/etc/os-release}
lines=    # what is missing, for a person
missing=  # the same in words: python, venv, headers, compiler, git
instead=  # the Python to call make with, where it is not the given one

miss() {
    missing="$missing $1"
    lines="$lines  - $2
"
}

runs() {  # macOS has stubs of git and c++ that exist but do not run
    "$@" --version >/dev/null 2>&1
}

version() {
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

fits() {
    case $(version "$1") in 3.11 | 3.12 | 3.13) ;; *) return 1 ;; esac
}

check_python() {
    fits "$python" && return
    found=$(version "$python")
    reason="Python 3.11 to 3.13: $python ${found:+is }${found:-does not run}"
    for other in python3.13 python3.12 python3.11; do
        if fits "$other"; then
            miss nothing "$reason, but $other fits"
            python=$other instead=$other
            return
        fi
    done
    miss python "$reason (with venv and headers)"
    python=
}

check_venv_and_headers() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null \
        || miss venv "venv: $python cannot import ensurepip"
    header=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h
    [ -f "$header" ] || miss headers "Python's headers: $header"
}

check_compiler() {
    if [ "$CXX" ]; then
        runs $CXX || miss compiler "a C++ compiler: CXX=$CXX does not run"
        return
    fi
    for found in c++ g++ clang++ ""; do
        runs $found && break
    done
    # Python compiles with the compiler that built it, unless CXX names another.
    own=${python:+$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("CXX") or "")')}
    if [ -z "$found" ]; then
        miss compiler "a C++ compiler: c++, g++ and clang++ do not run"
    elif [ "$own" ] && ! runs $own; then
        miss compiler "a C++ compiler: $python calls ${own%% *}; or use yours: make CXX=$found"
    fi
}

system() {
    if [ "$(uname -s 2>/dev/null)" = Darwin ]; then
        echo macos
        return
    fi
    case " $ID $ID_LIKE " in
        *" debian "* | *" ubuntu "*) echo debian ;;
        *" fedora "* | *" rhel "*) echo fedora ;;
    esac
}

newest_python() {  # that the system itself offers; empty where it has none that fits
    case $system-${UBUNTU_CODENAME:-$VERSION_CODENAME} in
        debian-bookworm | debian-jammy) echo python3.11 ;;
        debian-noble) echo python3.12 ;;
        debian-trixie | debian-plucky | debian-questing) echo python3.13 ;;
        fedora-*) [ "$ID" = fedora ] && echo python3.13 || echo python3.12 ;;
        macos-*) echo python3.13 ;;
    esac
}

packages() {
    case ${python##*/} in python3.1[123]) named=${python##*/} ;; *) named=python3 ;; esac
    for each in $missing; do
        case $system-$each in
            debian-python) echo "${newest:+$newest $newest-dev $newest-venv}" ;;
            debian-venv) echo "$named-venv" ;;
            debian-headers) echo "$named-dev" ;;
            debian-compiler) echo g++ ;;
            fedora-python) echo "$newest $newest-devel" ;;
            fedora-venv) echo "$named-libs" ;;
            fedora-headers) echo "$named-devel" ;;
            fedora-compiler) echo gcc-c++ ;;
            macos-python | macos-venv | macos-headers) echo "python@${newest#python}" ;;
            debian-git | fedora-git) echo git ;;
        esac
    done | sort -u | tr '\n' ' '
}

check_python
[ "$python" ] && check_venv_and_headers
check_compiler
runs git || miss git "git"
[ "$lines" ] || exit 0

[ -r "$os_release" ] && . "$os_release"
system=$(system)
newest=$(newest_python)
packages=$(packages)
[ "$(id -u 2>/dev/null)" = 0 ] || sudo="sudo "
command=
case $system in
    debian) command=${packages:+"${sudo}apt-get update && ${sudo}apt-get install $packages"} ;;
    fedora) command=${packages:+"${sudo}dnf install $packages"} ;;
    macos)
        command=${packages:+"brew install $packages"}
        case $missing in
            *compiler* | *git*) command="xcode-select --install${command:+ && $command}" ;;
        esac
        ;;
esac
case $missing in
    *python*) instead=${newest:-python3.13} ;;
    *venv* | *headers*) [ "$system" = macos ] && instead=$newest ;;
esac
[ "${1:-python3}" = python3 ] || instead=${instead:-$1}

{
    echo "This machine lacks what Sonic needs:"
    printf %s "$lines"
    if [ "$command" ]; then
        echo "Install it: ${command% }"
    elif [ "$missing" != " nothing" ]; then
        echo "Install it with your system's package manager."
    fi
    case $missing-$newest in
        *python*-) echo "Your system may offer no such Python: python.org, uv and pyenv do." ;;
    esac
    echo "Then call: make ${instead:+PYTHON=$instead }setup"
} >&2
exit 1
