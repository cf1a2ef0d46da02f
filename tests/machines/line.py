"""The serial line to a machine: requests out, answers back, any number of them on the way at once."""
import itertools
import json
import socket
import threading
from concurrent.futures import Future

from .result import MachineDied


class SerialLine:
    """One end of a socket pair; the other end is the machine's second serial port, where its agent listens."""

    def __init__(self, machine_name: str):
        self.name = machine_name
        self.ours, self.theirs = socket.socketpair()
        self.ready: Future = Future()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future] = {0: self.ready}
        self._lock = threading.Lock()
        self._closed = False

    def connected(self) -> None:
        """The machine has its end now; start to listen at ours."""
        self.theirs.close()
        threading.Thread(target=self._listen, name=f"line to {self.name}", daemon=True).start()

    def request(self, message: dict) -> Future:
        """Send a request; the future becomes the answer."""
        future: Future = Future()
        with self._lock:
            if self._closed:
                raise MachineDied(f"{self.name} is not running")
            number = next(self._numbers)
            self._waiting[number] = future
            line = json.dumps({"id": number, **message}).encode("ascii") + b"\n"
            try:
                self.ours.sendall(line)
            except OSError as problem:
                raise MachineDied(f"the line to {self.name} is cut: {problem}") from problem
        return future

    def close(self) -> None:
        try:
            self.ours.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _listen(self) -> None:
        with self.ours, self.ours.makefile("rb") as stream:
            try:
                for line in stream:
                    self._deliver(line)
            except OSError:
                pass
        with self._lock:
            self._closed = True
            abandoned, self._waiting = self._waiting, {}
        for future in abandoned.values():
            future.set_exception(MachineDied(f"{self.name} went away"))

    def _deliver(self, line: bytes) -> None:
        try:
            answer = json.loads(line)
        except ValueError:
            return  # the line's own noise before the agent has taken it over
        with self._lock:
            future = self._waiting.pop(answer["id"], None)
        if future:
            future.set_result(answer)

