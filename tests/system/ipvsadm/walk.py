"""Runs on the machine: each command line in both namespaces, and what came of it, as JSON.

The lines come on standard input as [[words, stdin], …]; the arguments are the commands that run them and those that show
what the kernel holds, each as one word for the shell. The kernel is asked where it may have changed, and at the end.
"""
import json
import subprocess
import sys


def run(command: str, stdin: str = "") -> dict:
    done = subprocess.run(["/bin/sh", "-c", command], input=stdin.encode(), stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False)
    return {"status": done.returncode, "stdout": done.stdout.decode(errors="replace"),
            "stderr": done.stderr.decode(errors="replace")}


def main() -> None:
    real, ours, real_state, ours_state = sys.argv[1:]
    lines = json.load(sys.stdin)
    for number, (words, stdin) in enumerate(lines, 1):
        outcome = {"real": run(f"{real} {words}", stdin), "ours": run(f"{ours} {words}", stdin)}
        succeeded = any(one["status"] == 0 for one in outcome.values())
        asks = number == len(lines) or stdin or succeeded and not words.startswith(("-L", "-l", "--list", "-S", "--save"))
        outcome["real"]["state"] = run(real_state)["stdout"] if asks else ""
        outcome["ours"]["state"] = run(ours_state)["stdout"] if asks else ""
        print(json.dumps(outcome))


main()
