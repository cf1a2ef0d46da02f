"""Everything the kernel's IPVS holds, attribute for attribute as it dumps them; printed as JSON when run on a machine.

It shares nothing with lvsd, so that it cannot share a mistake with it."""
import json
import socket
import struct

NETLINK_GENERIC, GENL_CONTROLLER, GETFAMILY, FAMILY_ID, FAMILY_NAME = 16, 16, 3, 1, 2
GET_SERVICE, GET_DEST, GET_DAEMON, GET_CONFIG = 4, 8, 11, 13
SERVICE, DEST, DAEMON = 1, 2, 3
REQUEST, DUMP, DONE, ERROR = 1, 0x300, 3, 2
# STATS, STATS64 and the numbers of connections: they move by themselves.
MOVING = {SERVICE: {10, 12}, DEST: {7, 8, 9, 10, 12}, DAEMON: set()}
IDENTITY = {1, 2, 3, 4, 5}  # of a service: AF, PROTOCOL, ADDR, PORT, FWMARK


def attribute(number: int, payload: bytes) -> bytes:
    return struct.pack("=HH", len(payload) + 4, number) + payload + b"\0" * (-len(payload) % 4)


def attributes(data: bytes) -> dict[int, bytes]:
    found = {}
    while len(data) >= 4:
        length, number = struct.unpack_from("=HH", data)
        found[number & 0x3fff] = data[4:length]
        data = data[(length + 3) & ~3:]
    return found


class Netlink:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.socket.bind((0, 0))
        [family] = self.ask(GENL_CONTROLLER, GETFAMILY, attribute(FAMILY_NAME, b"IPVS\0"))
        self.family = struct.unpack("=H", family[FAMILY_ID])[0]

    def ask(self, family: int, command: int, payload: bytes = b"", flags: int = 0) -> list[dict[int, bytes]]:
        """The attributes of each message of the answer."""
        body = struct.pack("=BBH", command, 1, 0) + payload
        self.socket.send(struct.pack("=IHHII", len(body) + 16, family, REQUEST | flags, 1, 0) + body)
        answers = []
        while True:
            data = self.socket.recv(1 << 20)
            while data:
                length, kind = struct.unpack_from("=IH", data)
                if kind == ERROR:
                    raise OSError(-struct.unpack_from("=i", data, 16)[0], "the kernel refused")
                if kind == DONE:
                    return answers
                answers.append(attributes(data[20:length]))
                data = data[(length + 3) & ~3:]
            if not flags & DUMP:
                return answers

    def dump(self, command: int, kind: int, payload: bytes = b"") -> list[dict[int, bytes]]:
        return [attributes(answer[kind]) for answer in self.ask(self.family, command, payload, DUMP)]


def readable(kind: int, found: dict[int, bytes]) -> dict[str, str]:
    return {str(number): value.hex() for number, value in sorted(found.items()) if number not in MOVING[kind]}


def read() -> dict:
    netlink = Netlink()
    services = []
    for service in netlink.dump(GET_SERVICE, SERVICE):
        identity = b"".join(attribute(number, service[number]) for number in sorted(IDENTITY & set(service)))
        destinations = netlink.dump(GET_DEST, DEST, attribute(SERVICE, identity))
        services.append(readable(SERVICE, service) | {"destinations": sorted(
            (readable(DEST, destination) for destination in destinations), key=json.dumps)})
    [timeouts] = netlink.ask(netlink.family, GET_CONFIG)
    return {"services": sorted(services, key=json.dumps),
            "daemons": [readable(DAEMON, daemon) for daemon in netlink.dump(GET_DAEMON, DAEMON)],
            "timeouts": {str(number): value.hex() for number, value in timeouts.items()}}


if __name__ == "__main__":
    print(json.dumps(read()))
