"""Every member of the bus interface, called once each: a walk from nothing to nothing that a test can take by bus."""
from dataclasses import dataclass

from .attempts import MANAGER, gdbus

VIP = "192.168.252.100"
SERVICE = "/org/lvsd1/service/web"
DESTINATION = "/org/lvsd1/destination/web_2f192_2e168_2e252_2e132_3a80"
ADDRESS = "/org/lvsd1/address/_3192_2e168_2e252_2e100"
ROLE = "/org/lvsd1/role/_3192_2e168_2e252_2e101"

INTERFACES = {"Manager": MANAGER, "VirtualService": SERVICE, "Destination": DESTINATION, "VirtualAddress": ADDRESS,
              "RealServerRole": ROLE}


@dataclass(frozen=True)
class Step:
    """One method, with its arguments as GVariant texts, and the polkit action that it needs (none: free to all) or, as
    it is called here, the one that each part of it needs."""
    path: str
    method: str
    arguments: tuple[str, ...]
    action: str = ""
    part: str = ""

    @property
    def command(self) -> str:
        return gdbus(self.path, self.method, *self.arguments)


def step(interface: str, method: str, *arguments: str, action: str = "", part: str = "") -> Step:
    return Step(INTERFACES[interface], f"{interface}.{method}", arguments, action, part)


APPLIED = ("{'services': <[('mail', 'tcp/192.168.252.100:25', {'scheduler': <'rr'>}, "
           "[('192.168.252.133:25', 'direct', uint32 1, @a{sv} {})])]>}")

# In this order each of them succeeds.
WALK = [
    step("Manager", "AddAddress", f"{VIP}/24", "{'interface': <'ens33'>}", action="manage-addresses"),
    step("Manager", "AddRole", "192.168.252.101", "{}", action="manage-roles"),
    step("Manager", "AddService", "web", f"tcp/{VIP}:80", "{'scheduler': <'rr'>}", action="manage-services"),
    step("VirtualService", "AddDestinations", "['192.168.252.132', '192.168.252.133']", "{'weight': <uint32 2>}",
         action="manage-destinations"),
    step("Manager", "GetService", "web"),
    step("Manager", "GetDestination", "web", "192.168.252.132"),
    step("Manager", "GetAddress", VIP),
    step("Manager", "GetRole", "192.168.252.101"),
    step("Manager", "ListServices", "{}"),
    step("Manager", "ListDestinations", "{}"),
    step("Manager", "ListAddresses", "{}"),
    step("Manager", "ListRoles", "{}"),
    step("Manager", "ListSettings", "{}"),
    step("Manager", "SetSettings", "{'net.ipv4.vs.conn_reuse_mode': '0'}", "{}", action="manage-settings"),
    step("Manager", "UnsetSettings", "['net.ipv4.vs.conn_reuse_mode']", "{}", action="manage-settings"),
    step("Manager", "ListConnections", "{}", action="list-connections"),
    step("Manager", "StartSync", "master", "{'interface': <'ens33'>}", action="manage-sync"),
    step("Manager", "ListSync", "{}"),
    step("Manager", "StopSync", "master", "{}", action="manage-sync"),
    step("Manager", "Zero", "['web']", "{}", action="zero-statistics"),
    step("Manager", "Hold", "web", "{'seconds': <uint32 600>}", action="reconcile"),
    step("Manager", "Release", "web", "{}", action="reconcile"),
    step("Manager", "GetStatus"),
    step("Manager", "GetSummary", "{}"),
    step("Manager", "GetConfiguration", "{}"),
    step("VirtualService", "Edit", "{'scheduler': <'wlc'>}", action="manage-services"),
    step("Destination", "Edit", "{'upper-threshold': <uint32 9>}", action="manage-destinations"),
    step("Destination", "SetRuntimeWeight", "0", "{'reason': <'a test'>}", action="set-runtime-weight"),
    step("Destination", "ClearRuntimeWeight", "{}", action="set-runtime-weight"),
    step("Destination", "Delete", "{}", action="manage-destinations"),
    step("VirtualService", "Delete", "{}", action="manage-services"),
    step("VirtualAddress", "Edit", "{'label': <'ens33:7'>}", action="manage-addresses"),
    step("VirtualAddress", "Down", "{}", action="manage-addresses"),
    step("VirtualAddress", "Up", "{}", action="manage-addresses"),
    step("VirtualAddress", "Announce", "{}", action="manage-addresses"),
    step("VirtualAddress", "Delete", "{}", action="manage-addresses"),
    step("RealServerRole", "Edit", "{'interface': <'ens33'>}", action="manage-roles"),
    step("RealServerRole", "Delete", "{}", action="manage-roles"),
    step("Manager", "Adopt", "['all']", "{}", action="adopt"),
    step("Manager", "Reconcile", "{}", action="reconcile"),
    step("Manager", "Apply", APPLIED, "{'confirm-timeout': <uint32 600>}", action="apply"),
    step("Manager", "Confirm", "{}", action="apply"),
    step("Manager", "ListGenerations", "{}"),
    step("Manager", "ListDifferences", "{}"),
    step("Manager", "GetGeneration", "0", "{}"),
    step("Manager", "Rollback", "0", "{}", action="apply", part="manage-services"),
    step("Manager", "Clear", "{}", action="clear"),
]

# Before the walk is over: what makes every object be there.
SET_UP = [step.command for step in WALK if any(word in step.method for word in (".Add", ".SetSettings", ".Start"))]
