"""What calls by somebody come to, under rules that polkit was given."""
import json

from . import attempts
from .machine import Machine
from .members import Step

RULES = "/etc/polkit-1/rules.d/10-lab.rules"
EXAMPLES = "/usr/share/doc/lvsd/examples/polkit"

CHALLENGE = "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired"
DENIED = "org.freedesktop.DBus.Error.AccessDenied"
UNAVAILABLE = "org.lvsd1.Error.AuthorizationUnavailable"

# Of what lvsd can change, where attempts.STATE does not look: the bytes of the store, settings, sync daemons, counters.
MORE_STATE = """
state
cd /var/lib/lvsd && sha256sum -- * && stat --format='%n %s %y' -- *
cd /proc/sys/net/ipv4 && grep -s . vs/* ip_forward conf/*/arp_* conf/*/send_redirects
ip -oneline link
ipvsadm -ln --daemon; ipvsadm -ln --timeout; ipvsadm -ln --stats --exact
"""


def set_rules(node: Machine, text: str) -> None:
    node.write(RULES, text)
    node.run("systemctl restart polkit")


def rule(node: Machine, body: str) -> None:
    """What polkit answers to lvsd about alice."""
    set_rules(node, "polkit.addRule(function(action, subject) {\n"
                    f"  if (action.id.indexOf('org.lvsd1.') == 0 && subject.user == 'alice') {{ {body} }}\n"
                    "});\n")


def use_example(node: Machine, name: str, group: str) -> None:
    """The example as it is installed, and alice in its group."""
    node.run(f"groupadd --force {group} && gpasswd --add alice {group}")
    set_rules(node, node.read(f"{EXAMPLES}/{name}.rules"))


def call(user: str, path: str, member: str, *arguments: str, interactive: bool = False) -> list:
    """For ask(); the member with its interface, `Manager.AddService`; arguments as GVariant texts."""
    interface, _, name = member.rpartition(".")
    return [user, path, interface if interface.startswith("org.") else f"org.lvsd1.{interface}", name, list(arguments),
            interactive]


def take(user: str, step: Step, interactive: bool = False) -> list:
    return call(user, step.path, step.method, *step.arguments, interactive=interactive)


def ask(node: Machine, calls: list[list]) -> list[tuple[str, str]]:
    """One after the other: the name and the text of each one's error, both empty where it succeeded."""
    printed = node.run("/usr/bin/python3 -I /usr/lib/lab/caller", stdin=json.dumps(calls), seconds=600).stdout
    return [tuple(answer) for answer in json.loads(printed)]


def state(node: Machine) -> str:
    """All that a refused call must leave as it is, once lvsd has marked earlier changes as settled, a second later."""
    node.eventually("! find /var/lib/lvsd -newermt '2 seconds ago' -type f | grep -q .", 30, "the store to be still")
    return node.run(attempts.STATE + MORE_STATE).stdout
