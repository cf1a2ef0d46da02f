"""Valid configurations by chance, over everything that a kernel's IPVS can hold, with the words ipvsadm has for them."""
import random
from dataclasses import dataclass, field

WEIGHTS = (0, 1, 2, 65535, 2147483647)
PERSISTENCES = (1, 60, 300, 2678400)
THRESHOLDS = (0, 1, 100, 4294967295)
MARKS = (1, 5, 2147483648, 4294967295)
TUNNEL_WORDS = {"none": "--tun-nocsum", "checksum": "--tun-csum", "remote-checksum": "--tun-remcsum"}
METHOD_WORDS = {"direct": "-g", "tunnel": "-i", "masquerade": "-m", "local": "-g"}

# Settings of net.ipv4.vs that every kernel with IPVS has, at the ends of their ranges.
SETTINGS = {"am_droprate": (0, 10, 2147483647), "cache_bypass": (0, 1), "conn_reuse_mode": (0, 1, 2, 3), "drop_packet": (0, 3),
            "expire_quiescent_template": (0, 1), "sync_ports": (1, 8, 64), "sync_refresh_period": (0, 2147483),
            "sync_retries": (0, 3), "sync_threshold": ("0 0", "3 50", "2147483646 2147483647"), "sync_version": (0, 1)}
TIMEOUTS = (1, 60, 900, 2678400)


@dataclass
class Destination:
    address: str
    port: int
    fields: dict[str, str | int]

    def line(self) -> str:
        return f"destination {self.address} {self.port}=" + " ".join(f"{key}={value}" for key, value in self.fields.items())


@dataclass
class Service:
    name: str
    key: str
    family: int
    port: int
    fields: dict[str, str | int]
    destinations: list[Destination] = field(default_factory=list)

    def group(self) -> str:
        lines = [f"[service {self.name}]", f"key={self.key}"]
        lines += [f"{key}={value}" for key, value in self.fields.items()]
        return "\n".join(lines + [destination.line() for destination in self.destinations]) + "\n"


def endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


class Generator:
    """The same seed makes the same configuration."""

    def __init__(self, seed: int, schedulers: list[str]):
        self.random, self.schedulers = random.Random(seed), schedulers

    def document(self) -> str:
        """In the native format."""
        services = {service.key: service for service in (self._service(i) for i in range(self.random.randint(1, 9)))}
        return "\n".join(["[lvsd]\nformat=1\n", *(service.group() for service in services.values()),
                          *self._sync(list(services.values())), self._settings()])

    def _settings(self) -> str:
        chance = self.random
        lines = [f"net.ipv4.vs.{name}={chance.choice(values)}" for name, values in SETTINGS.items() if chance.random() < 0.3]
        lines += [f"timeout.{name}={chance.choice(TIMEOUTS)}" for name in ("tcp", "tcp-fin", "udp") if chance.random() < 0.3]
        return "\n".join(["[settings]", *lines, ""])

    def _sync(self, services: list[Service]) -> list[str]:
        """Sync daemons, but for the services that the kernel does not take beside them. The highest port leaves room for
        all 64 of sync_ports."""
        chance = self.random
        if any((":" in made.address) != (service.family == 6) for service in services for made in service.destinations):
            return []
        groups = []
        for state in ("master", "backup"):
            group, most = chance.choice((("224.0.0.81", 65507), ("239.1.2.3", 65507), ("ff02::81", 65487)))
            fields = {"interface": "ens33", "id": chance.choice((0, 1, 255)), "group": group, "ttl": chance.choice((1, 255)),
                      "max-length": chance.choice((0, 1024, 1400, most)), "port": chance.choice((8848, 1024, 65472))}
            if chance.random() < 0.6:
                groups.append("\n".join([f"[sync {state}]", *(f"{key}={value}" for key, value in fields.items())]) + "\n")
        return groups

    def _service(self, number: int) -> Service:
        chance = self.random
        family = chance.choice((4, 6))
        protocol = chance.choice(("tcp", "udp", "sctp", "fwmark"))
        fields: dict[str, str | int] = {"scheduler": chance.choice(self.schedulers)}
        if chance.random() < 0.5:
            self._make_persistent(fields, protocol, family)
        if chance.random() < 0.4:
            fields["flags"] = self._flags(str(fields["scheduler"]))
        if protocol in ("udp", "fwmark") and chance.random() < 0.3:
            fields["one-packet"] = "yes"
        port = chance.randint(1, 65535)
        if protocol == "fwmark" or ("persistence" in fields and chance.random() < 0.3):
            port = 0
        address = self._address(family, "virtual")
        key = f"{protocol}/{endpoint(address, port)}"
        if protocol == "fwmark":
            key = f"{'fwmark' if family == 4 else 'fwmark6'}/{chance.choice(MARKS)}"
        service = Service(chance.choice(("web", "_s", "Dns.x", "a-b")) + str(number), key, family, port, fields)
        service.destinations = list({(made.address, made.port): made for made in
                                     (self._destination(service) for _ in range(chance.randint(0, 8)))}.values())
        return service

    def _make_persistent(self, fields: dict, protocol: str, family: int) -> None:
        fields["persistence"] = self.random.choice(PERSISTENCES)
        if self.random.random() < 0.5:
            fields["persistence-prefix"] = self.random.randint(1, 32 if family == 4 else 128)
        if protocol in ("udp", "fwmark") and self.random.random() < 0.4:
            fields["persistence-engine"] = "sip"

    def _flags(self, scheduler: str) -> str:
        named = {"sh": ("sh-fallback", "sh-port"), "mh": ("mh-fallback", "mh-port")}.get(scheduler, ("flag-1", "flag-2"))
        words = [word for word in (*named, "flag-3") if self.random.random() < 0.6]
        return ",".join(words or [named[0]])

    def _destination(self, service: Service) -> Destination:
        chance = self.random
        method = chance.choice(("direct", "tunnel", "masquerade", "local"))
        family = service.family if method != "tunnel" or chance.random() < 0.7 else 10 - service.family
        port = service.port
        if method == "masquerade":
            port = chance.choice((service.port, chance.randint(1, 65535)))
        fields: dict[str, str | int] = {"method": method, "weight": chance.choice(WEIGHTS)}
        if chance.random() < 0.4:
            fields["lower-threshold"], fields["upper-threshold"] = sorted(chance.choices(THRESHOLDS, k=2))
        if method == "tunnel":
            self._wrap(fields)
        return Destination(self._address(family, "destination"), port, fields)

    def _wrap(self, fields: dict) -> None:
        fields["tunnel"] = self.random.choice(("ipip", "gue", "gre"))
        if fields["tunnel"] == "gue":
            fields["tunnel-port"] = self.random.choice((1, 5555, 65535))
        kinds = {"ipip": ("none",), "gre": ("none", "checksum"), "gue": tuple(TUNNEL_WORDS)}[fields["tunnel"]]
        fields["tunnel-checksum"] = self.random.choice(kinds)

    def _address(self, family: int, what: str) -> str:
        number = self.random.randint(1, 250)
        if family == 4:
            return f"{'203.0.113' if what == 'virtual' else '198.51.100'}.{number}"
        return f"2001:db8:{'a' if what == 'virtual' else 'b'}::{number:x}"
