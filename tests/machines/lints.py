"""Checks of the sources themselves; each is one test that either has nothing to say or fails with what it said."""
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .project import PLAIN, SOURCE

# One processor is left to the machines, which run at the same time.
WORKERS = max(1, (os.cpu_count() or 2) - 1)
# Words of the field and of the code that the spelling checker takes for mistakes, and mistakes that tests make on purpose.
KNOWN_WORDS = "afe,ans,ba,befores,fo,includea,nd,nin,persisten,remvoe,sed,servce,shedule,te,wieght"

# A message for people, as gettext's macros mark it.
MESSAGE = re.compile(r"(?<!\w)(?:_|N_|ngettext) \(")
XGETTEXT_KEYWORDS = ["--keyword=_", "--keyword=N_"]


def sources() -> Iterator[Path]:
    """Every file of the project that a person wrote."""
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = sorted(name for name in folders if not name.startswith("build")
                            and name not in (".git", ".lab", "__pycache__"))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink() and path.name != ".git":
                yield path


def _first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(200).decode(errors="replace")


def _output(command: list[str], **options) -> str | None:
    """None if the command succeeds."""
    done = subprocess.run(command, cwd=SOURCE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **options)
    return None if done.returncode == 0 else done.stdout.strip() or f"exit status {done.returncode}"


def _over(command: list[str], files: list[Path]) -> str | None:
    return _output([*command, *map(str, files)]) if files else None


def clang_format() -> str | None:
    return _over(["clang-format", "--dry-run", "-Werror"], [path for path in sources() if path.suffix in (".c", ".h")])


def _clang_tidy(chosen: Callable[[Path], bool]) -> str | None:
    database = PLAIN.folder / "compile_commands.json"
    if not database.exists():
        return "there is no compile database: the plain build did not succeed"
    files = sorted({str((Path(entry["directory"]) / entry["file"]).resolve())
                    for entry in json.loads(database.read_text())})
    written = [file for file in files if not file.startswith(str(SOURCE / "build")) and chosen(Path(file))]

    def one(file: str) -> str | None:
        return _output(["clang-tidy", "--quiet", "--warnings-as-errors=*", "--extra-arg=-Wno-unknown-warning-option",
                        "-p", str(PLAIN.folder), file])

    with ThreadPoolExecutor(WORKERS) as pool:
        said = [text for text in pool.map(one, written) if text]
    return "\n".join(said) or None


def _is_test(path: Path) -> bool:
    return path.is_relative_to(SOURCE / "tests")


def clang_tidy() -> str | None:
    return _clang_tidy(lambda path: not _is_test(path))


def clang_tidy_of_tests() -> str | None:
    return _clang_tidy(_is_test)


def codespell() -> str | None:
    return _over(["codespell", f"--ignore-words-list={KNOWN_WORDS}"],
                 [path for path in sources() if path.suffix not in (".po", ".pot") and path.name != "LICENSE"
                  and not path.is_relative_to(SOURCE / "tests" / "fuzz" / "corpus")])


def shellcheck() -> str | None:
    return _over(["shellcheck"], [path for path in sources()
                                  if path.suffix == ".sh" or _first_line(path).rstrip().endswith(("/sh", "/bash"))])


def xmllint() -> str | None:
    return _over(["xmllint", "--noout", "--nonet"],
                 [path for path in sources() if path.suffix in (".xml", ".policy")])


# What mandoc has to say about every page that scdoc makes: it puts a paragraph before everything, it leaves the title
# as it is written, and it keeps the lines of the source.
OF_SCDOC = re.compile(r"WARNING: skipping paragraph macro|STYLE: lower case character in document title"
                      r"|STYLE: input text line longer than 80 bytes")


def manual() -> str | None:
    """Both formatters, over the pages of the plain build."""
    pages = sorted(str(page) for page in (PLAIN.folder / "data").glob("*.[1-8]"))
    if not pages:
        return "there is no manual page: the plain build did not succeed"
    said = (_output(["mandoc", "-T", "lint", "-W", "style", *pages]) or "").splitlines()
    wrong = [line for line in said if line and not OF_SCDOC.search(line)]
    for page in pages:
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
        wrong += [f"{page}: {line}" for line in done.stderr.splitlines()]
        wrong += [f"{page}: man failed"] if done.returncode else []
    return "\n".join(wrong) or None


def python() -> str | None:
    said = []
    for path in sources():
        if path.suffix == ".py" or "python" in _first_line(path):
            try:
                compile(path.read_bytes(), str(path), "exec")
            except SyntaxError as problem:
                said.append(str(problem))
    return "\n".join(said) or None


def potfiles() -> str | None:
    """Every source with a message in it is listed where the translators' tools look."""
    listed = {line for line in (SOURCE / "po" / "POTFILES").read_text().splitlines() if not line.startswith("#")}
    folders = [SOURCE / "src", SOURCE / "client"]
    found = {str(path.relative_to(SOURCE)) for path in sources() if path.suffix in (".c", ".h")
             and any(path.is_relative_to(folder) for folder in folders) and MESSAGE.search(path.read_text())}
    found |= {str(path.relative_to(SOURCE)) for path in sources() if path.suffix == ".policy"}
    return "\n".join([f"po/POTFILES lacks {name}" for name in sorted(found - listed)]
                     + [f"po/POTFILES has {name}, which has no message" for name in sorted(listed - found)]) or None


def translations() -> str | None:
    """Each language has every message of today's sources, checked as msgfmt checks, and none that is doubtful."""
    languages = [line for line in (SOURCE / "po" / "LINGUAS").read_text().splitlines() if line and not line.startswith("#")]
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "lvsd.pot")
        said = _output(["xgettext", "--from-code=UTF-8", "--add-comments=TRANSLATORS", *XGETTEXT_KEYWORDS,
                        "--files-from=po/POTFILES", f"--output={template}"])
        for language in languages if said is None else []:
            said = said or _check_translation(language, template, Path(folder, f"{language}.po"))
    return said


def _check_translation(language: str, template: Path, merged: Path) -> str | None:
    catalog = f"po/{language}.po"
    said = _output(["msgmerge", "--quiet", "--no-fuzzy-matching", f"--output-file={merged}", catalog, str(template)]) \
        or _output(["msgfmt", "--check", "--output-file=/dev/null", catalog])
    if said is None:
        counts = subprocess.run(["msgfmt", "--statistics", "--output-file=/dev/null", str(merged)], stderr=subprocess.PIPE,
                                env={**os.environ, "LC_ALL": "C"}, text=True, check=False).stderr.strip()
        said = f"{catalog}: {counts}" if "fuzzy" in counts or "untranslated" in counts else None
    return said


def seeds() -> str | None:
    """The fuzzer of calls begins with one of every method that callers have."""
    called = {_first_line(path).rstrip() for path in (SOURCE / "tests" / "fuzz" / "corpus" / "call").iterdir()}
    there = {f"{path.suffixes[-2][1:]} {name}" for path in (SOURCE / "dbus").glob("org.lvsd1.*.xml")
             for name in re.findall(r'<method name="(\w+)"', path.read_text())}
    return "\n".join(f"tests/fuzz/corpus/call lacks {name}" for name in sorted(there - called)) or None


LINTS: dict[str, Callable[[], str | None]] = {
    "clang-format": clang_format, "codespell": codespell, "shellcheck": shellcheck, "xmllint": xmllint,
    "manual": manual, "python": python, "potfiles": potfiles, "translations": translations, "seeds": seeds,
    "clang-tidy": clang_tidy,
}
# What takes minutes of a processor and finds little.
LONG_LINTS: dict[str, Callable[[], str | None]] = {"clang-tidy of the tests": clang_tidy_of_tests}
