"""Fuzzing: libFuzzer drives each target for a while, from the corpus that is kept in the sources."""
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .project import FUZZ, SOURCE

HERE = SOURCE / "tests" / "fuzz"
TARGETS = sorted(file.stem.removeprefix("fuzz-") for file in HERE.glob("fuzz-*.c"))
# A short run sees that every target works and finds what is easy to find; the long one is for the night.
SHORT, LONG = 3, 600
# One input may take so many seconds and MiB; the rest is what libFuzzer itself may.
LIMITS = ["-timeout=10", "-malloc_limit_mb=512", "-rss_limit_mb=2048"]
FINAL = re.compile(r"#(\d+)\s+DONE\s+cov: (\d+) ft: (\d+) corp: (\d+)/(\S+)")


def fuzz(target: str, seconds: int) -> tuple[str, bool]:
    """What came of it, in words; and whether nothing was found. What is found lies in build/fuzz/findings."""
    findings, grown = FUZZ.folder / "findings", FUZZ.folder / "corpus" / target
    for folder in (findings, grown):
        folder.mkdir(parents=True, exist_ok=True)
    dictionary = HERE / "dictionaries" / f"{target}.dict"
    command = ["nice", "-n", "15", str(FUZZ.folder / "tests" / "fuzz" / f"fuzz-{target}"), f"-max_total_time={seconds}",
               f"-artifact_prefix={findings}/{target}-", *LIMITS, *([f"-dict={dictionary}"] if dictionary.exists() else []),
               str(grown), str(HERE / "corpus" / target)]
    # What a disk would do for a sync of the store is not what is looked for.
    environment = {**os.environ, "TMPDIR": "/dev/shm"} if Path("/dev/shm").is_dir() else None
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    final = FINAL.search(done.stdout)
    if done.returncode or final is None:
        return (f"fuzz {target}: the input is in {findings}; mended, it goes to {HERE / 'corpus' / target}\n"
                f"{done.stdout[-4000:]}"), False
    runs, coverage, features, inputs, size = final.groups()
    return f"fuzz {target}: {runs} runs, {coverage} edges, {features} features, {inputs} inputs of {size}", True


def fuzz_all(seconds: int, at_once: int) -> list[tuple[str, bool]]:
    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(lambda target: fuzz(target, seconds), TARGETS))
