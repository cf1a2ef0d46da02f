"""What a program prints, kept in files; LVSD_REGENERATE=1 writes them anew instead of comparing."""
import difflib
import os
import re
from pathlib import Path

REGENERATE = os.environ.get("LVSD_REGENERATE") == "1"

# What differs from run to run, each by something as wide.
VOLATILE = [
    (r"\d{4}-\d\d-\d\d([ T])\d\d:\d\d:\d\d", r"2000-01-01\g<1>00:00:00"),
    (r"(?<!\d)\d\d:\d\d:\d\d(?= )", "00:00:00"),
    (r"\.\d{6}Z", ".000000Z"),
    (r"(?<![\d.])[12]\d{9}(?![\d.])", "1000000000"),  # seconds since the Epoch
    (r"(sync_qlen_max\s+(?:\t|\s)*)\d+", lambda found: found[1] + "0" * (len(found[0]) - len(found[1]))),
    (r'("net\.ipv4\.vs\.sync_qlen_max",\s+"value" : "",\s+"kernel" : ")\d+', r"\g<1>0"),
    (r"held for another \d+ seconds", "held for another 900 seconds"),
    (r"is taken back in \d+ seconds", "is taken back in 600 seconds"),
    (r"(confirm pending in|等待确认，剩余) \d+", r"\g<1> 0"),
    (r'("(?:confirm_seconds|generation)" ?: ?)\d+', r"\g<1>0"),
    (r"\x1b", "␛"),
]


def settle(text: str) -> str:
    """The text without what differs from run to run."""
    for pattern, instead in VOLATILE:
        text = re.sub(pattern, instead, text)
    return text


def compare(path: Path, text: str) -> str:
    """How the text differs from what is kept; nothing where it does not, or where it is kept from now on."""
    if REGENERATE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return ""
    kept = path.read_text() if path.exists() else ""
    if kept == text:
        return ""
    return "".join(difflib.unified_diff(kept.splitlines(True), text.splitlines(True), str(path), "what is printed"))
