"""What goes in comes out: every attribute, through kernel, store and export, for configurations made by chance."""
import inspect
import json
import os
import random
import re

import pytest

from machines import faults, kernel_rules, random_rules

SEED = int(os.environ.get("LVSD_SEED", random.SystemRandom().randrange(2**32)))
# So that the long run can be had in parts: each with a seed of its own.
COUNT = int(os.environ.get("LVSD_COUNT", 500))


def rules(node) -> dict:
    """As the kernel dumps them."""
    return node.run("python3 -", stdin=inspect.getsource(kernel_rules)).json


def schedulers(node) -> list[str]:
    """Those of this kernel, as its own tool finds them."""
    names = "rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf twos"
    return node.run(f"for name in {names}; do ipvsadm -A -f 77 -s $name 2>/dev/null && ipvsadm -D -f 77 && echo $name; "
                    "done; true").lines


def apply(node, document: str) -> None:
    node.run("cat >/run/document && lvsctl --force apply /run/document", stdin=document)


def configured(document: str) -> dict[str, dict]:
    """What a document of the generator asks for: key -> fields, and under "destinations" endpoint -> fields."""
    services: dict[str, dict] = {}
    for line in document.splitlines():
        name, _, value = line.partition("=")
        if line.startswith("[settings]"):
            break
        if line.startswith("["):
            service = {"destinations": {}}
        elif name == "key":
            services[value] = service
        elif line.startswith("destination "):
            address, port = name.split()[1:]
            service["destinations"][random_rules.endpoint(address, int(port))] = dict(
                pair.split("=") for pair in value.split())
        elif line and not line.startswith("[") and name != "format":
            service[name] = value
    return services


def settings(document: str) -> dict[str, str]:
    """Those that a document of the generator asks for."""
    return dict(line.split("=") for line in document.partition("[settings]\n")[2].splitlines())


def configured_sync(document: str) -> dict[str, dict[str, str]]:
    """What it asks for of sync daemons: state -> fields, but for a length that is left to the kernel."""
    return {state: {name: value for name, value in re.findall(r"^([a-z-]+)=(.*)$", fields, re.MULTILINE)
                    if (name, value) != ("max-length", "0")}
            for state, fields in re.findall(r"^\[sync (\w+)\]\n((?:[a-z].*\n)*)", document, re.MULTILINE)}


SYNC_WORDS = {"mcast": "interface", "syncid": "id", "maxlen": "max-length"}


def running_sync(text: str, wanted: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same, of the fields that are asked for, from what `ipvsadm -l --daemon` prints."""
    found = {}
    for state, shown in re.findall(r"^(\w+) sync daemon \((.*)\)$", text, re.MULTILINE):
        fields = {SYNC_WORDS.get(name, name): value for name, value in (pair.split("=") for pair in shown.split(", "))}
        found[state] = {name: value for name, value in fields.items() if name in wanted.get(state, fields)}
    return found


def prefix_of(mask: str) -> str:
    if "." not in mask:
        return mask
    return str(sum(int(part).bit_count() for part in mask.split(".")))


def saved(text: str) -> dict[str, dict]:
    """The same from what `ipvsadm -Sn` prints, in its words."""
    services: dict[str, dict] = {}
    for line in text.splitlines():
        words = line.split()
        flag, where = words[1], words[2]
        six = "-6" in words
        protocol = {"-t": "tcp", "-u": "udp", "--sctp-service": "sctp", "-f": "fwmark6" if six else "fwmark"}[flag]
        if where.startswith("-"):
            where = str(int(where) + 2**32)  # ipvsadm takes great marks for negative ones
        options = dict(re.findall(r" (--?[a-zA-Z-]+)(?: ([^ -][^ ]*))?", " " + " ".join(words[3:])))
        if words[0] == "-A":
            services[f"{protocol}/{where}"] = options | {"destinations": {}}
        else:
            services[f"{protocol}/{where}"]["destinations"][options["-r"]] = options
    return services


def thresholds(text: str) -> list[tuple[str, str, str]]:
    """(destination, upper, lower) of each line of `ipvsadm -Ln --thresholds`, sorted."""
    return sorted(tuple(line.split()[1:4]) for line in text.splitlines() if line.strip().startswith("->") and "Remote" not in line)


def expected_thresholds(services: dict[str, dict]) -> list[tuple[str, str, str]]:
    return sorted((endpoint, fields.get("upper-threshold", "0"), fields.get("lower-threshold", "0"))
                  for service in services.values() for endpoint, fields in service["destinations"].items())


def service_words(key: str, fields: dict) -> dict[str, str]:
    """What ipvsadm prints for a service of ours."""
    words = {"-s": fields["scheduler"]}
    flags = [flag for flag in fields.get("flags", "").split(",") if flag]
    if flags:
        hidden = fields["scheduler"] in ("sh", "mh")  # ipvsadm does not print the third with these two
        words["-b"] = ",".join(flag for flag in flags if not (hidden and flag == "flag-3"))
    if int(fields.get("persistence", 0)):
        words["-p"] = fields["persistence"]
        whole = 128 if "[" in key or key.startswith("fwmark6") else 32
        prefix = int(fields.get("persistence-prefix", whole))
        if prefix != whole:
            words["-M"] = str(prefix)
    if fields.get("persistence-engine"):
        words["--pe"] = fields["persistence-engine"]
    if fields.get("one-packet") == "yes":
        words["-o"] = ""
    return words


def destination_words(fields: dict) -> dict[str, str]:
    words = {random_rules.METHOD_WORDS[fields["method"]]: "", "-w": fields["weight"]}
    if fields["method"] == "tunnel":
        words["--tun-type"] = fields["tunnel"]
        if fields["tunnel"] == "gue":
            words["--tun-port"] = fields["tunnel-port"]
        if fields["tunnel"] != "ipip":
            words[random_rules.TUNNEL_WORDS[fields["tunnel-checksum"]]] = ""
    return words


def assert_ipvsadm_agrees(node, document: str) -> None:
    wanted, found = configured(document), saved(node.run("ipvsadm -Sn").stdout)
    assert found.keys() == wanted.keys()
    for key, fields in wanted.items():
        service = dict(found[key])
        destinations = service.pop("destinations")
        if "-M" in service:
            service["-M"] = prefix_of(service["-M"])
        assert service == service_words(key, fields), key
        assert destinations.keys() == fields["destinations"].keys(), key
        for where, destination in destinations.items():
            assert {word: value for word, value in destination.items() if word != "-r"} == \
                destination_words(fields["destinations"][where]), f"{where} of {key}"
    sync = configured_sync(document)
    assert running_sync(node.run("ipvsadm -l --daemon").stdout, sync) == sync
    assert thresholds(node.run("ipvsadm -Ln --thresholds").stdout) == expected_thresholds(wanted)


def assert_lvsd_agrees(node) -> None:
    """Our own decoder finds in the kernel what is desired."""
    listing = node.run("lvsctl list --json").json
    for row in listing["settings"]:
        assert row["state"] == "applied" and row["kernel"] == row["value"], row
    for service in listing["services"]:
        assert service["state"] == "applied", service
        assert all(row["state"] == "applied" for row in service["destinations"]), service
    for daemon in node.run("lvsctl sync list --json").json["sync"]:
        assert daemon["standing"] == "applied", daemon


def assert_settings_hold(node, document: str) -> None:
    """As the kernel's own files and ipvsadm have them."""
    wanted = settings(document)
    seconds = dict(zip(("tcp", "tcp-fin", "udp"), node.run("ipvsadm -L --timeout").stdout.split(":")[-1].split()))
    for name, value in wanted.items():
        found = seconds[name[8:]] if name.startswith("timeout.") else " ".join(faults.sysctl(node, name).split())
        assert found == value, name


def assert_restarts_unseen(node) -> None:
    """lvsd says how much it writes at a start; nothing is said when it writes nothing."""
    cursor = json.loads(node.run("journalctl -u lvsd -n 1 -o json").stdout)["__CURSOR"]
    faults.restart(node)
    said = node.run(f"journalctl -u lvsd --after-cursor='{cursor}' -o cat").stdout
    assert "the kernel differed" not in said, said


def assert_comes_back(node, document: str) -> None:
    before = rules(node)
    apply(node, document)
    first = rules(node)
    assert_settings_hold(node, document)
    assert_ipvsadm_agrees(node, document)
    assert_lvsd_agrees(node)
    assert_restarts_unseen(node)
    assert rules(node) == first
    exported = node.run("lvsctl export").stdout
    node.run("lvsctl --force clear")
    assert rules(node) == before
    apply(node, exported)
    assert rules(node) == first
    assert node.run("lvsctl export").stdout == exported
    node.run("lvsctl --force clear")


@pytest.mark.kills_daemon
@pytest.mark.parametrize("count", [3, pytest.param(COUNT, marks=[pytest.mark.long, pytest.mark.timeout(5400)])],
                         ids=["few", "many"])
def test_what_goes_in_comes_out(node, count, record_property):
    available = schedulers(node)
    for number in range(count):
        seed = SEED + number
        print(f"LVSD_SEED={seed}")
        assert_comes_back(node, random_rules.Generator(seed, available).document())
    record_property("figures", f"{count} random configurations from seed {SEED} on: no difference")
