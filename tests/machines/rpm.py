"""The RPM packages of the project, built here by Debian's rpmbuild, which lacks what Fedora's macros say."""
import re
import shutil
import subprocess
from pathlib import Path

from .lints import sources
from .project import SOURCE, run_quietly

FOLDER = SOURCE / "build" / "rpm"
SPEC = SOURCE / "packaging" / "lvsd.spec"
# Of the scripts, only that they are there; and no tests, which the unit tests are.
MACROS = """\
%debug_package %{nil}
%_unitdir /usr/lib/systemd/system
%_sysusersdir /usr/lib/sysusers.d
%_journalcatalogdir /usr/lib/systemd/catalog
%meson meson setup --prefix=/usr --sysconfdir=/etc --localstatedir=/var -Dsystemd_unit_dir=%{_unitdir} build
%meson_build ninja -C build
%meson_install DESTDIR=%{buildroot} meson install -C build --quiet
%meson_test true
%sysusers_create_compat() true %{*}
%systemd_post() true %{*}
%systemd_preun() true %{*}
%systemd_postun_with_restart() true %{*}
"""


def build() -> list[Path]:
    """The packages; what the spec leaves out or has too much makes rpmbuild fail."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    version = re.search(r"^Version: *(\S+)", SPEC.read_text(), re.MULTILINE)[1]
    tree = FOLDER / f"lvsd-{version}"
    for path in sources():
        target = tree / path.relative_to(SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (FOLDER / "SOURCES").mkdir()
    run_quietly(["tar", "--create", "--xz", f"--file=SOURCES/lvsd-{version}.tar.xz", tree.name], FOLDER)
    (FOLDER / "macros").write_text(MACROS)
    run_quietly(["rpmbuild", "-bb", "--nodeps", f"--load={FOLDER / 'macros'}", f"--define=_topdir {FOLDER}", str(SPEC)], FOLDER)
    return sorted(FOLDER.glob("RPMS/*/*.rpm"))


# A signature and a packager come with a release; groups are of the past; and the pages are of section 5, not lvsd1 or conf.
NO_MISTAKES = re.compile(r"no-signature|no-packager-tag|no-group-tag|bad-manual-page-folder \S*/(org\.lvsd1|lvsd\.conf)\.5")


def mistakes(files: list[Path]) -> list[str]:
    """What rpmlint finds wrong with the spec and the packages."""
    said = subprocess.run(["rpmlint", str(SPEC), *map(str, files)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False).stdout
    if not re.search(r"\d+ errors, \d+ warnings", said):
        return [said]
    return [line for line in re.findall(r"^\S+: E: .*$", said, re.MULTILINE) if not NO_MISTAKES.search(line)]
