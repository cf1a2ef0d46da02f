"""The Debian packages of the project: built from a copy of the sources, and given other versions."""
import os
import re
import shutil
from pathlib import Path

from .lints import sources
from .project import SOURCE, run_quietly

FOLDER = SOURCE / "build" / "debian"
TESTS = SOURCE / "tests"
NAMES = ("lvsctl", "lvsd", "lvsd-metrics")


def build() -> Path:
    """The .changes of what dpkg-buildpackage makes of the sources as they are; built anew where one has changed."""
    built = next(FOLDER.glob("*.changes"), None)
    if built and all(path.stat().st_mtime < built.stat().st_mtime for path in sources() if not path.is_relative_to(TESTS)):
        return built
    shutil.rmtree(FOLDER, ignore_errors=True)
    copy = FOLDER / "lvsd"
    for path in sources():
        target = copy / path.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    # A package is built with a home of its own; the compiler's cache, where there is one, need not be.
    run_quietly(["dpkg-buildpackage", "-us", "-uc", "-b"], copy, DEB_BUILD_OPTIONS="nocheck parallel=2",
                CCACHE_DIR=os.environ.get("CCACHE_DIR", str(Path.home() / ".cache" / "ccache")))
    return next(FOLDER.glob("*.changes"))


def package(name: str) -> Path:
    """The file of one that was built."""
    return next(FOLDER.glob(f"{name}_*.deb"))


def with_version(name: str, version: str) -> Path:
    """The same package as another version; what it needs of the others in the same version follows."""
    tree = FOLDER / f"{name}-{version}"
    shutil.rmtree(tree, ignore_errors=True)
    run_quietly(["dpkg-deb", "--raw-extract", str(package(name)), str(tree)], FOLDER)
    control = tree / "DEBIAN" / "control"
    text = control.read_text()
    current = re.search(r"^Version: (.*)$", text, re.MULTILINE)[1]
    control.write_text(re.sub(rf"(^Version: |\(= ){re.escape(current)}", rf"\g<1>{version}", text, flags=re.MULTILINE))
    file = FOLDER / f"{name}-{version}.deb"
    run_quietly(["dpkg-deb", "--root-owner-group", "--build", str(tree), str(file)], FOLDER)
    return file
