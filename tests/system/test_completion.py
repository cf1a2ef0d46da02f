"""What bash, zsh and fish offer, each asked as its user asks: by the program itself, from the running lvsd."""
import json

import pytest

from machines.project import SOURCE

pytestmark = pytest.mark.long

SCREEN = (SOURCE / "tests" / "machines" / "screen").read_text()
# What is typed, and what of it comes out.
CASES = [
    ("lvsctl sta", {"status", "statistics"}),
    ("lvsctl service e", {"edit"}),
    ("lvsctl service edit we", {"web"}),
    ("lvsctl destination edit web 192.0.2.", {"192.0.2.11:80", "192.0.2.12:80"}),
    ("lvsctl service add mail tcp/192.0.2.101:25 --sched", {"--scheduler"}),
    ("lvsctl service edit web --scheduler w", {"wrr", "wlc"}),
    ("lvsctl address add 192.0.2.100 --interface ens", {"ens33"}),
    ("lvsctl destination add web 192.0.2.13 --method m", {"masquerade"}),
]
BASH = r"""
source /usr/share/bash-completion/completions/lvsctl
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  _lvsctl lvsctl 2>/dev/null
  echo "${COMPREPLY[@]}"
done
"""


@pytest.fixture
def web(node):
    node.run("lvsctl service add web tcp/192.0.2.100:80 --scheduler rr && "
             "lvsctl destination add web 192.0.2.11 192.0.2.12 --method direct")
    return node


def check(said: dict[str, set[str]]) -> None:
    lacking = {line: (wanted, said[line]) for line, wanted in CASES if not wanted <= said[line]}
    assert not lacking, lacking


def test_bash_completes(web):
    printed = web.run(f"bash -c '{BASH}'", stdin="".join(f"{line}\n" for line, _ in CASES)).lines
    # It gives what follows a colon, as bash wants it.
    check({line: {word if ":" not in line.split()[-1] else line.split()[-1].rpartition(":")[0] + ":" + word for word in words.split()}
           for (line, _), words in zip(CASES, printed, strict=True)})


def test_fish_completes(web):
    said = {}
    for line, _ in CASES:
        printed = web.run(f"fish --no-config -c \"source /usr/share/fish/vendor_completions.d/lvsctl.fish; complete -C '{line}'\"").stdout
        said[line] = {candidate.split("\t")[0] for candidate in printed.splitlines()}
    check(said)


def test_zsh_completes(web):
    web.write("/run/screen", SCREEN)
    web.write("/run/zsh/.zshrc", "autoload -Uz compinit && compinit -u -D\nzstyle ':completion:*' list-packed no\n"
              "setopt no_beep no_list_ambiguous\nPS1='ready> '\nbindkey '^X' kill-whole-line\n")
    jobs = [{"command": "exec zsh -i", "columns": 200, "lines": 60, "environment": {"ZDOTDIR": "/run/zsh", "TERM": "dumb"},
             "steps": [{"until": "ready> "}, {"type": line + "\t"}, {"until": min(wanted)[len(line.split()[-1]):]}, {"hang up": True}]}
            for line, wanted in CASES]
    done = json.loads(web.run("python3 /run/screen", stdin=json.dumps(jobs), seconds=600).stdout)
    assert [(line, result["output"]) for (line, _), result in zip(CASES, done, strict=True) if "took too long" in result["output"]] == []
