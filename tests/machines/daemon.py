"""lvsd on a machine, as the tests look at it: made to own nothing, and found neither crashed nor reported."""
from .machine import Machine
from .result import has_report


def clear(node: Machine) -> None:
    """lvsd runs and owns nothing any more, and no foreign rule is left in the kernel."""
    node.run("systemctl reset-failed lvsd; systemctl is-active --quiet lvsd || systemctl start lvsd; "
             "{ lvsctl --force clear || lvsctl rollback && lvsctl --force clear; } && if [ -e /proc/net/ip_vs ]; then ipvsadm -C; fi")


def condition(node: Machine) -> dict[str, str]:
    """What systemd knows about lvsd."""
    shown = node.run("systemctl show lvsd --property=NRestarts,Result,ActiveState").stdout
    return dict(line.split("=", 1) for line in shown.splitlines())


def problems(node: Machine, before: dict[str, str], may_end: bool) -> list[str]:
    """What is wrong with lvsd now that was not before; it may have ended if the test is about that."""
    found = reports(node) + cores(node)
    now = condition(node)
    if may_end:
        return found
    if int(now["NRestarts"]) > int(before["NRestarts"]):
        found.append(f"lvsd was restarted on {node.name}")
    if now["Result"] not in ("success", before["Result"]):
        found.append(f"lvsd on {node.name} ended with {now['Result']}")
    if now["ActiveState"] != "active":
        found.append(f"lvsd on {node.name} is {now['ActiveState']}")
    return found


def cores(node: Machine) -> list[str]:
    """Core dumps, which are then removed, so that each is blamed on one test."""
    dumped = node.run("ls /var/crash && rm -f /var/crash/*").stdout.split()
    return [f"core dumps on {node.name}: {' '.join(dumped)}"] if dumped else []


def reports(node: Machine) -> list[str]:
    """Reports of memcheck and sanitizers in the journal, which is then begun anew, for the same reason."""
    text = node.journal(lines=3000)
    if not has_report(text.encode()):
        return []
    node.run("journalctl --rotate --vacuum-time=1s >/dev/null 2>&1")
    return [f"memcheck or a sanitizer reports on {node.name}:\n{text[-6000:]}"]
