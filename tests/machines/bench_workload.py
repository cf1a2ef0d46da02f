"""What every program of the benchmark works on: so many TCP services with so many direct destinations each, written in
the words of each program. tests/bench/workload.h has the same addresses."""
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

SERVICES = int(ipaddress.IPv4Address("10.1.0.0"))
DESTINATIONS = int(ipaddress.IPv4Address("10.64.0.1"))
PORT = 80


@dataclass(frozen=True)
class Workload:
    services: int
    destinations: int
    first: int = 0  # the number of the first service

    def service(self, number: int) -> str:
        return f"{ipaddress.IPv4Address(SERVICES + number)}"

    def destination(self, service: int, number: int) -> str:
        return f"{ipaddress.IPv4Address(DESTINATIONS + service * self.destinations + number)}"

    def _all(self) -> Iterator[tuple[str, list[str]]]:
        for number in range(self.first, self.first + self.services):
            yield self.service(number), [self.destination(number, place) for place in range(self.destinations)]

    @property
    def last(self) -> tuple[str, str]:
        """The last service and its last destination."""
        number = self.first + self.services - 1
        return self.service(number), self.destination(number, self.destinations - 1)

    def ipvsadm(self) -> str:
        """As ipvsadm -S writes."""
        lines = []
        for service, destinations in self._all():
            lines.append(f"-A -t {service}:{PORT} -s rr")
            lines += [f"-a -t {service}:{PORT} -r {place}:{PORT} -g -w 1" for place in destinations]
        return "\n".join(lines) + "\n"

    def keepalived(self, last_weight: int = 1) -> str:
        lines = []
        for service, destinations in self._all():
            lines.append(f"virtual_server {service} {PORT} {{\n lb_algo rr\n lb_kind DR\n protocol TCP")
            lines += [f" real_server {place} {PORT} {{\n  weight {last_weight if (service, place) == self.last else 1}\n }}"
                      for place in destinations]
            lines.append("}")
        return "\n".join(lines) + "\n"
