"""An interactive prompt for the machines of a network."""
import re
import readline  # noqa: F401  (makes input() editable)

from .network import Network
from .result import LabError

HELP = """Lines run in the machine of the prompt. Also:
  MACHINE: COMMAND     run a line in another machine
  MACHINE:             go there
  cut MACHINE          pull its plug          boot MACHINE     switch it on
  console MACHINE      what its kernel said   machines         which there are
  exit                 switch everything off"""


def interact(lan: Network) -> None:
    here = next(iter(lan.machines))
    print(HELP)
    while True:
        try:
            line = input(f"{here}$ ").strip()
        except EOFError:
            print()
            return
        try:
            if line == "exit":
                return
            here = _obey(lan, here, line)
        except LabError as problem:
            print(problem)


def _obey(lan: Network, here: str, line: str) -> str:
    """Do what a line says; the machine of the next prompt."""
    word, _, rest = line.partition(" ")
    addressed = re.match(r"(\w+):\s*(.*)", line)
    if addressed and addressed[1] in lan.machines:
        if not addressed[2]:
            return addressed[1]
        _run(lan, addressed[1], addressed[2])
    elif word in ("cut", "boot", "console") and rest in lan.machines:
        machine = lan[rest]
        if word == "cut":
            machine.power_cut()
        elif word == "boot":
            lan.boot(machine)
        else:
            print(machine.console)
    elif line == "machines":
        for machine in lan.machines.values():
            print(machine.name, machine.address, machine.mac, "up" if machine.running else "off")
    elif line in ("help", "?"):
        print(HELP)
    elif line:
        _run(lan, here, line)
    return here


def _run(lan: Network, name: str, command: str) -> None:
    result = lan[name].try_run(command)
    print(result.output, end="" if result.output.endswith("\n") or not result.output else "\n")
    if result.status:
        print(f"(exit status {result.status})")
