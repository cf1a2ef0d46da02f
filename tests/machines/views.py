"""What a machine's kernel, ipvsadm and lvsctl say, in shapes that can be compared with each other."""
import json
import re

from .machine import Machine

METHODS = {"Route": "direct", "Tunnel": "tunnel", "Masq": "masquerade", "Local": "local"}
SYSCTLS = ("arp_ignore", "arp_announce", "rp_filter", "promote_secondaries", "forwarding")

Services = dict[str, tuple[str, dict[str, tuple[str, int]]]]
Connections = list[tuple[str, str, str, str, str]]


def addresses(machine: Machine) -> list[tuple[str, str, int]]:
    """(interface, address, prefix length) of every address."""
    return [(link["ifname"], address["local"], address["prefixlen"])
            for link in json.loads(machine.run("ip -json address").stdout) for address in link.get("addr_info", [])]


def configuration(machine: Machine) -> str:
    """Everything lvsd may change in a kernel, as text: addresses, sysctls, IPVS rules."""
    sysctls = "|".join(SYSCTLS)
    return machine.run("ip -oneline address | sed 's/ *valid_lft.*//'; "
                       f"sysctl -a 2>/dev/null | grep -E '^net\\.ipv[46]\\.conf\\..*\\.({sysctls}) =' "
                       "| grep -vE 'conf\\.(tunl|gre|ip6|sit|erspan|ip_vti)'; "
                       "ipvsadm -Sn 2>/dev/null || :").stdout


def ipvsadm(machine: Machine) -> Services:
    """The rules as ipvsadm shows them: key -> (scheduler, {destination: (method, weight)})."""
    services: Services = {}
    destinations: dict[str, tuple[str, int]] = {}
    for line in machine.run("ipvsadm -Ln").lines:
        words = line.split()
        if words and words[0] in ("TCP", "UDP", "SCTP", "FWM"):
            destinations = {}
            services[f"{words[0].lower().replace('fwm', 'fwmark')}/{words[1]}"] = (words[2], destinations)
        elif words[:1] == ["->"] and words[1] != "RemoteAddress:Port":
            destinations[words[1]] = (METHODS[words[2]], int(words[3]))
    return services


def lvsctl_list(machine: Machine) -> Services:
    """The same from `lvsctl list`."""
    listing = machine.run("lvsctl list --json").json
    return {service["key"]: (service["scheduler"],
                             {_endpoint(destination["address"], destination["port"]):
                              (destination["method"], destination["weight"])
                              for destination in service["destinations"]})
            for service in listing["services"]}


def ipvsadm_connections(machine: Machine) -> Connections:
    """(protocol, state, client, virtual, destination), sorted; how long they last is not compared."""
    rows = [line.split() for line in machine.run("ipvsadm -Lcn").lines]
    return sorted((row[0], row[2], row[3], row[4], row[5]) for row in rows if row and re.match("(TCP|UDP|SCTP)$", row[0]))


def lvsctl_connections(machine: Machine) -> Connections:
    return sorted((row["protocol"].upper(), row["state"], row["client"], row["virtual"], row["destination"])
                  for row in machine.run("lvsctl connections --json").json["connections"])


def _endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
