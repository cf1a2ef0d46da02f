"""Debian packages the lab needs: what is missing is installed, and said; what is there is left alone."""
import os
import shutil
import subprocess

from .result import LabError

BUILD = """meson ninja-build gcc pkg-config libglib2.0-dev libglib2.0-bin libnl-3-dev libnl-genl-3-dev
 liblzma-dev libsystemd-dev libjson-glib-dev libsoup-3.0-dev gettext scdoc""".split()
MACHINES = """user-mode-linux uml-utilities systemd systemd-sysv dbus polkitd pkexec iproute2 kmod ipvsadm keepalived curl
    strace tcpdump python3 python3-gi python3-pytest python3-pytest-timeout python3-pytest-xdist e2fsprogs util-linux
    iputils-ping iputils-arping procps openssh-server prometheus fish zsh
    python3-jsonschema locales python3-pyftpdlib jq""".split()
# For the tests of the packages, which are long.
PACKAGING = "debhelper dpkg-dev lintian rpm rpmlint".split()
CHECKS = """clang clang-format clang-tidy libclang-rt-14-dev codespell shellcheck libxml2-utils valgrind libc6-dbg mandoc man-db""".split()


def missing(packages: list[str]) -> list[str]:
    """Those that dpkg does not have fully installed."""
    listing = subprocess.run(["dpkg-query", "--show", "--showformat=${db:Status-Abbrev} ${Package}\n", *packages],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout
    installed = {line.split()[1] for line in listing.splitlines() if line.startswith("ii")}
    return [package for package in packages if package not in installed]


def install(packages: list[str], say=print) -> None:
    """Install what is missing of these."""
    if not shutil.which("apt-get"):
        raise LabError("the lab is made of Debian's packages, and there is no apt-get here; run it on Debian 12 or newer")
    wanted = missing(packages)
    if not wanted:
        return
    say(f"Installing Debian packages: {' '.join(wanted)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"],
                    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted]):
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            raise LabError(f"“{' '.join(command)}” failed:\n{done.stdout[-4000:]}")
    still = missing(packages)
    if still:
        raise LabError(f"these packages did not get installed: {' '.join(still)}")
