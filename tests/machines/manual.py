"""What lvs(7) tells people to type, for the machines here."""
import re

from .project import SOURCE

PAGE = SOURCE / "data" / "lvs.7.scd"


def section(heading: str) -> str:
    return PAGE.read_text(encoding="utf-8").split(f"# {heading}\n")[1].split("\n# ")[0]


def typed(heading: str, prompt: str, places: dict[str, str]) -> str:
    """The commands that the manual has after a heading, at this prompt, with what the places are called here."""
    lines = re.findall(rf"^{re.escape(prompt)}\$ (.*)$", section(heading), re.MULTILINE)
    assert lines, f"no command at the prompt {prompt} in {heading}"
    text = "\n".join(line.split("  #")[0] for line in lines)
    for there, here in places.items():
        text = text.replace(there, here)
    return text
