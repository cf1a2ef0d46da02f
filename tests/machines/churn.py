"""Random changes by one client, each known to be made, refused or, where lvsd died over it, one of the two.

The host reads what this knows (`Client`); in a machine it runs as a program, with a job on standard input. Each client has
names, ports and addresses of its own, so that what one does is no matter to the others but for the time it takes."""
import contextlib
import copy
import json
import os
import random
import subprocess
import sys
import time

SCHEDULERS = ("rr", "wrr", "lc", "wlc", "sh")
SETTINGS = ("drop_packet", "drop_entry", "conn_reuse_mode", "expire_nodest_conn")
SERVICES, DESTINATIONS = 6, 4
STOP = "/run/churn-stop"
GONE = 9  # lvsctl's exit status when lvsd went away before it answered, or is not there

Model = dict[str, dict[str, str]]  # a section of an export: its lines, by what stands before the first “=”


def read(export: str, number: int) -> Model:
    """Of what lvsctl exports, the client's own."""
    model: Model = {}
    own: dict[str, str] | None = None
    for line in export.splitlines():
        if line.startswith("["):
            header = line.strip("[]")
            own = model.setdefault(header, {}) if _belongs(header, number) else None
        elif own is not None and line:
            key, _, value = line.partition("=")
            own[key] = value
    settings = model.pop("settings", {})
    name = f"net.ipv4.vs.{SETTINGS[number]}"
    return model | ({f"setting {name}": {name: settings[name]}} if name in settings else {})


def _belongs(header: str, number: int) -> bool:
    kind, _, name = header.partition(" ")
    return kind == "settings" or name.startswith(f"c{number}-") or name in (address(number), role(number))


def address(number: int) -> str:
    return f"192.0.2.{100 + number}"


def role(number: int) -> str:
    return f"192.0.2.{110 + number}"


class Client:
    """What it has, and what it might do next; the same seed and start make the same changes while none fails."""

    def __init__(self, number: int, seed: str, model: Model):
        self.number, self.model, self.chance = number, copy.deepcopy(model), random.Random(f"{seed} {number}")

    def next(self) -> tuple[list[str], str, Model]:
        """A command, its standard input, and what there is once it has succeeded."""
        after = copy.deepcopy(self.model)
        doing = self.chance.choice((self._service, self._service, self._destination, self._destination, self._address,
                                    self._role, self._setting, self._apply))
        command, stdin = doing(after)
        return ["lvsctl", "--quiet", "--no-ask-password", "--force", *command], stdin, after

    def _service(self, after: Model) -> tuple[list[str], str]:
        port = self.chance.randrange(SERVICES)
        name, scheduler = f"c{self.number}-{port}", self.chance.choice(SCHEDULERS)
        if f"service {name}" not in after:
            key = f"tcp/192.0.2.{120 + self.number}:{8000 + port}"
            after[f"service {name}"] = {"key": key, "scheduler": scheduler}
            return ["service", "add", name, key, "--scheduler", scheduler], ""
        if self.chance.random() < 0.3:
            del after[f"service {name}"]
            return ["service", "delete", name], ""
        after[f"service {name}"]["scheduler"] = scheduler
        return ["service", "edit", name, "--scheduler", scheduler], ""

    def _destination(self, after: Model) -> tuple[list[str], str]:
        services = [header for header in after if header.startswith("service ")]
        if not services:
            return self._service(after)
        header = self.chance.choice(sorted(services))
        name, place = header.partition(" ")[2], f"192.0.2.{200 + self.chance.randrange(DESTINATIONS)}"
        key, weight = f"destination {place} {after[header]['key'].rpartition(':')[2]}", self.chance.randrange(1, 100)
        verb = "edit" if key in after[header] else "add"
        if verb == "edit" and self.chance.random() < 0.3:
            del after[header][key]
            return ["destination", "delete", name, place], ""
        after[header][key] = f"method=masquerade weight={weight}"
        return ["destination", verb, name, place, "--method", "masquerade", "--weight", str(weight)], ""

    def _address(self, after: Model) -> tuple[list[str], str]:
        name = address(self.number)
        own = after.get(f"address {name}")
        if own is None:
            after[f"address {name}"] = {"interface": "ens33", "prefix-length": "24"}
            return ["address", "add", f"{name}/24", "--interface", "ens33"], ""
        if self.chance.random() < 0.3:
            del after[f"address {name}"]
            return ["address", "delete", name], ""
        if own.pop("up", None):
            return ["address", "up", name], ""
        own["up"] = "no"
        return ["address", "down", name], ""

    def _role(self, after: Model) -> tuple[list[str], str]:
        name = role(self.number)
        if after.pop(f"role {name}", None) is not None:
            return ["role", "delete", name], ""
        after[f"role {name}"] = {}
        return ["role", "add", name], ""

    def _setting(self, after: Model) -> tuple[list[str], str]:
        name = f"net.ipv4.vs.{SETTINGS[self.number]}"
        if f"setting {name}" in after and self.chance.random() < 0.5:
            del after[f"setting {name}"]
            return ["sysctl", "unset", name], ""
        value = str(self.chance.randrange(2))
        after[f"setting {name}"] = {name: value}
        return ["sysctl", "set", name, value], ""

    def _apply(self, after: Model) -> tuple[list[str], str]:
        """Of all its services, another scheduler and weights; all of them, or none."""
        lines = ["[lvsd]", "format=1"]
        for header, own in after.items():
            if header.startswith("service "):
                own["scheduler"] = self.chance.choice(SCHEDULERS)
                for key in own:
                    if key.startswith("destination "):
                        own[key] = f"method=masquerade weight={self.chance.randrange(1, 100)}"
                lines += [f"[{header}]", *(f"{key}={value}" for key, value in own.items())]
        return (["apply", "-"], "\n".join(lines) + "\n") if len(lines) > 2 else self._service(after)


# in a machine

def export() -> str:
    """As soon as lvsd answers."""
    deadline = time.monotonic() + 60
    while True:
        done = subprocess.run(["lvsctl", "export"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout
        if time.monotonic() > deadline:
            raise RuntimeError(done.stderr)
        time.sleep(0.1)


def settle(client: Client, after: Model, done: subprocess.CompletedProcess) -> str | None:
    """After a failure: what lvsd has now is what the client has; the complaint, if that is neither what was nor what was
    asked for. A client that lvsd has refused knows that nothing has changed."""
    found = read(export(), client.number)
    allowed = [client.model, after] if done.returncode == GONE else [client.model]
    if found in allowed:
        client.model = found
        return None
    complaint = (f"{done.args} ended with {done.returncode}, {done.stderr.strip()}\n"
                 f"before {client.model}\nafter {after}\nfound {found}")
    client.model = found
    return complaint


def main() -> None:
    job = json.load(sys.stdin)
    client = Client(job["number"], job["seed"], job["model"])
    prefix = ["setpriv", f"--reuid={job['user']}", f"--regid={job['user']}", "--clear-groups"] if job["user"] else []
    count, refused, complaints = 0, {}, []
    while not os.path.exists(STOP) and (job["failing"] or not refused):
        command, stdin, after = client.next()
        done = subprocess.run([*prefix, *command], input=stdin, capture_output=True, text=True, check=False)
        count += 1
        if done.returncode == 0:
            client.model = after
            print(f"ok {count}", flush=True)
            if job["note"]:
                with open(job["note"], "a") as note:  # closed each time, which is when the host has it
                    note.write("ok\n")
            continue
        said = done.stderr.strip().rpartition(": ")[2][:200]
        refused[said] = refused.get(said, 0) + 1
        complaint = settle(client, after, done)
        complaints += [complaint] if complaint else []
    print(json.dumps({"count": count, "model": client.model, "refused": refused, "complaints": complaints}), flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
