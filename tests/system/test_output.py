"""What every verb prints, for people, for scripts and as JSON, in each language, on narrow and wide terminals: as kept in golden/.

LVSD_REGENERATE=1 writes the files anew, to be looked at with git diff.
"""
import json
import re
import unicodedata
from pathlib import Path

import jsonschema
import pytest

from machines import golden
from machines.project import SOURCE

GOLDEN = Path(__file__).parent / "golden"
SCREEN = SOURCE / "tests" / "machines" / "screen"
LOCALES = "/run/locales"
FORMS = {"table": "", "terse": "--terse ", "json": "--json "}
TEXTS = ("export", "metrics", "help", "import", "ipvsadm")  # not made to fit a terminal, or not by their lines

FILE = """\
[lvsd]
format=1

[service mail]
key=tcp/192.0.2.101:25
scheduler=wlc
persistence=300
destination 192.0.2.21 25=method=tunnel weight=2 tunnel=gue tunnel-port=5555
destination 192.0.2.22 25=method=tunnel weight=1
"""
KEEPALIVED = """\
virtual_server 192.0.2.102 443 {
    lb_algo wrr
    lb_kind NAT
    protocol TCP
    real_server 192.0.2.31 443 {
        weight 1
        TCP_CHECK {
        }
    }
}
"""
WATCH = ("rm -f /run/seen; lvsctl {form}monitor > /run/seen & until test -s /run/seen; do for seconds in 60 61; do "
         "lvsctl -q service edit web --persistence $seconds; done; done; {{ kill $!; wait $!; }} 2>/dev/null; "
         "lvsctl -q service edit web --persistence 60; "
         "head -n 1 /run/seen | sed -E 's/(persistence\\W+)[0-9]+/\\10/'")

# A file for each, in this order: what one does, the next ones show.
COMMANDS = {
    "list-empty": "list",
    "status-clean": "status",
    "history-empty": "history",
    "sync-list-empty": "sync list",
    "service-add-rehearsed": "service add web tcp/192.0.2.100:80 --scheduler sh --flags sh-port --persistence 300 --dry-run",
    "service-add": "service add web tcp/192.0.2.100:80 --scheduler rr",
    "service-add-named-by-key": "service add udp/[2001:db8::100]:53 --persistence 300 --one-packet",
    "service-edit": "service edit web --persistence 60",
    "service-edit-again": "service edit web --persistence 60",
    "service-edit-rehearsed": "service edit web --scheduler wlc --persistence 0 --dry-run",
    "destination-add": "destination add web 192.0.2.11 192.0.2.12 --method direct --weight 3",
    "destination-add-one": "destination add udp/[2001:db8::100]:53 2001:db8::11 --upper-threshold 1000",
    "destination-edit": "destination edit web 192.0.2.12 --runtime 0 --reason 'new disk'",
    "address-add": "address add 192.0.2.100/24 --interface ens33 --label ens33:2",
    "address-edit": "address edit 192.0.2.100 --label ens33:3",
    "address-announce": "address announce 192.0.2.100",
    "address-down": "address down 192.0.2.100",
    "address-up": "address up 192.0.2.100",
    "address-add-refused": "address add 198.51.100.1/24 --interface eth9",
    "role-add-rehearsed": "role add 192.0.2.77 --dry-run",
    "role-add": "role add 192.0.2.77",
    "role-edit": "role edit 192.0.2.77 --interface ens33",
    "sysctl-set": "sysctl set drop_entry 1",
    "timeouts-set": "timeouts set --tcp 1800 --udp 60",
    "sync-start": "sync start master --interface ens33 --id 7",
    "service-show-unknown": "service show wbe",
    "list": "list",
    "status": "status",
    "hold": "hold web --for 15m",
    "hold-all-rehearsed": "hold --dry-run",
    "status-held": "status",
    "release-rehearsed": "release web --dry-run",
    "release": "release web",
    "service-list": "service list",
    "service-list-of-columns": "service list --columns name,flags,one-packet,byte-rate-in --sort -name",
    "service-show": "service show web",
    "destination-list": "destination list",
    "destination-show": "destination show web 192.0.2.12",
    "address-list": "address list",
    "address-show": "address show 192.0.2.100",
    "role-list": "role list",
    "role-show": "role show 192.0.2.77",
    "sysctl-list": "sysctl list",
    "timeouts-list": "timeouts list",
    "sync-list": "sync list",
    "statistics": "statistics",
    "statistics-rate": "statistics web --rate",
    "connections": "connections",
    "connections-group": "connections --group client",
    "top": "top --count 1",
    "metrics": "metrics",
    "zero": "zero",
    "zero-rehearsed": "zero web --dry-run",
    "adopt-list": "adopt list",
    "adopt-services": "adopt services tcp/192.0.2.200:443",
    "adopt-addresses": "adopt addresses",
    "adopt-roles": "adopt roles",
    "adopt-sync": "adopt sync",
    "adopt-sysctls": "adopt sysctls",
    "adopt-all": "adopt all --dry-run",
    "diff": "diff",
    "diff-file": "diff /run/web.lvs",
    "reconcile": "reconcile",
    "monitor": "monitor",
    "export": "export",
    "apply-rehearsed": "apply /run/web.lvs --replace --dry-run",
    "apply": "apply /run/web.lvs --confirm 600",
    "status-pending": "status --columns severity,object",
    "confirm": "confirm",
    "import": "import /run/keepalived.conf",
    "import-converted": "import /run/keepalived.conf --convert",
    "edit": "edit --force",
    "history": "history",
    "rollback-rehearsed": "rollback --dry-run",
    "rollback": "rollback",
    "ipvsadm": "ipvsadm -Ln",
    "destination-delete-refused": "destination delete web 192.0.2.11 < /dev/null",
    "destination-delete": "destination delete web 192.0.2.11 --force",
    "service-delete": "service delete udp/[2001:db8::100]:53",
    "address-delete-unknown": "address delete 198.51.100.1",
    "address-delete": "address delete 192.0.2.100 --force",
    "role-delete": "role delete 192.0.2.77",
    "sysctl-unset": "sysctl unset drop_entry",
    "timeouts-unset": "timeouts unset",
    "sync-stop": "sync stop master",
    "clear-rehearsed": "clear --dry-run",
    "clear": "clear --force",
    "usage": "service add web tcp/192.0.2.100:80 --shceduler rr",
    "missing": "destination add web",
    "help": "help",
    "help-service": "service --help",
    "help-destination-edit": "destination edit --help",
}


def begin(node, locale: str) -> dict[str, str]:
    """A state without a past, a service of somebody else's, and what commands read; the environment for them."""
    node.run("systemctl stop lvsd; rm -rf /var/lib/lvsd; ipvsadm -C; systemctl start lvsd; ipvsadm -A -t 192.0.2.200:443 -s wlc")
    node.write("/run/web.lvs", FILE)
    node.write("/run/keepalived.conf", KEEPALIVED)
    node.write("/run/screen", SCREEN.read_text())
    if locale != "C.UTF-8":
        node.run(f"test -d {LOCALES}/{locale}.UTF-8 || {{ mkdir -p {LOCALES} && localedef -i {locale} -f UTF-8 {LOCALES}/{locale}.UTF-8; }}")
    return {"LC_ALL": locale if locale == "C.UTF-8" else f"{locale}.UTF-8", "LOCPATH": LOCALES, "NO_COLOR": "1",
            "EDITOR": "sed -i s/scheduler=wlc/scheduler=wrr/"}


def shown(line: str, result: dict) -> str:
    """The command, what it printed, and its exit status where that is not 0."""
    output = result["output"] + ("" if result["output"].endswith("\n") or not result["output"] else "\n")
    status = f"[{result['status']}]\n" if result["status"] else ""
    return golden.settle(f"$ lvsctl {line}\n{output}{status}")


def transcripts(node, locale: str, columns: int, form: str) -> dict[str, str]:
    """What each command prints in this form."""
    environment = begin(node, locale)
    lines = {name: f"lvsctl {FORMS[form]}{command}" for name, command in COMMANDS.items()}
    lines["monitor"] = WATCH.format(form=FORMS[form])
    jobs = [{"command": line, "columns": columns, "environment": environment} for line in lines.values()]
    done = json.loads(node.run("python3 /run/screen", stdin=json.dumps(jobs), seconds=600).stdout)
    return {name: shown(FORMS[form] + COMMANDS[name], result) for name, result in zip(lines, done, strict=True)}


def width(line: str) -> int:
    return sum(0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
               for character in line)


def too_long(said: dict[str, str], columns: int) -> list[str]:
    """Lines of tables that do not fit the terminal."""
    return [f"{name}: {line}" for name, text in said.items() if not name.startswith(TEXTS) and "usage" not in name
            and name not in ("missing", "top")
            for line in text.splitlines()[1:] if width(line) > columns and len(line.split("  ")) > 2]


pytestmark = pytest.mark.long


@pytest.mark.parametrize("columns", [80, 200])
@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN"])
def test_tables_are_as_they_were(node, locale, columns):
    said = transcripts(node, locale, columns, "table")
    found = too_long(said, columns)
    found += [golden.compare(GOLDEN / locale / str(columns) / name, text) for name, text in said.items()]
    assert not any(found), "\n".join(filter(None, found))


# The same at any width: what is kept was printed at 80 columns in one language, and at 200 in the other.
@pytest.mark.parametrize("locale,columns", [("C.UTF-8", 80), ("zh_CN", 200)])
def test_lines_for_scripts_are_as_they_were(node, locale, columns):
    said = transcripts(node, locale, columns, "terse")
    found = [f"{name}: {line}" for name, text in said.items() for line in text.splitlines() if "\t" in line and not line.isascii()]
    found += [golden.compare(GOLDEN / locale / "terse" / name, text) for name, text in said.items()]
    assert not any(found), "\n".join(filter(None, found))


@pytest.mark.parametrize("locale,columns", [("C.UTF-8", 80), ("zh_CN", 200)])
def test_json_is_as_it_was_and_as_its_schema_says(node, locale, columns):
    said = transcripts(node, locale, columns, "json")
    found = [golden.compare(GOLDEN / locale / "json" / name, text) for name, text in said.items()]
    found += [f"{name}: {problem}" for name, text in said.items() for problem in schema_problems(name, text)]
    assert not any(found), "\n".join(filter(None, found))


SCHEMA = json.loads((SOURCE / "data" / "schema" / "lvsctl-1.json").read_text())
# Those that are not called as the command is.
DEFINITIONS = {"import": "apply", "rollback": "apply", "top": "statistics"}
ROWS = {"service", "destination", "address", "role", "sync"}  # of what the rest is made; no command prints one alone
TEXT = ("help", "service --help", "destination edit --help", "ipvsadm -Ln", "import /run/keepalived.conf --convert")


def definitions(name: str) -> tuple[str, ...]:
    """What the schema calls the objects that this command prints; none where it prints no JSON."""
    command = COMMANDS[name]
    words = command.split()
    if command in TEXT:
        return ()
    if words[0] == "edit":
        return ("plan", "apply")
    if "--dry-run" in words and words[0] not in ("zero", "adopt", "hold", "release") or command.startswith("diff /"):
        return ("plan",)
    for known in ("-".join(words[:2]), words[0]):
        known = DEFINITIONS.get(known, known)
        if known in SCHEMA["$defs"] and known not in ROWS:
            return (known,)
    return ("message",)


def objects(text: str) -> list:
    """What is written one after the other."""
    found = []
    while text := text.lstrip():
        value, end = json.JSONDecoder().raw_decode(text)
        found.append(value)
        text = text[end:]
    return found


def schema_problems(name: str, text: str) -> list[str]:
    said, *lines = text.splitlines()
    status = int(lines.pop()[1:-1]) if lines and re.fullmatch(r"\[\d+\]", lines[-1]) else 0
    known = definitions(name)
    if not known or status not in (0, 8):
        return []
    try:
        printed = objects("\n".join(line for line in lines if not line.startswith(("warning:", "警告"))))
    except ValueError as problem:
        return [f"{said} prints no JSON: {problem}"]
    if len(printed) != len(known):
        return [f"{said} prints {len(printed)} objects instead of {len(known)}"]
    return [f"{said}: {one}: {problem.message}" for one, value in zip(known, printed, strict=True)
            for problem in jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{one}"}).iter_errors(value)]


def test_every_verb_is_there():
    table = (SOURCE / "client" / "command.c").read_text()
    verbs = {" ".join(filter(None, pair)) for pair in re.findall(r'\.noun = "(\w*)",\n\s*\.verb = "(\w+)"', table)}
    assert {verb for verb in verbs if not any(f"{command} ".startswith(f"{verb} ") for command in COMMANDS.values())} == set()
