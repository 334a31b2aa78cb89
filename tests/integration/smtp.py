"""A mail server on the loopback that misbehaves as it is told to: a real one, spoken to over a socket.

with MailServer(faults=[Fault.VANISHES_IN_DATA]) as server:   # the first message; the second goes well
    …
server.taken                                                  # what it has said 250 to, or at least read
"""

import email
import socket
import threading
from collections.abc import Iterable
from email.message import Message
from enum import Enum
from typing import Self


class Fault(Enum):
    """What goes wrong with one connection."""

    NONE = "none"
    REFUSES = "550 to RCPT"
    NOT_NOW = "451 to RCPT"
    HANGS = "says nothing after EHLO"
    VANISHES_IN_DATA = "closes in the middle of DATA"
    DIES_AFTER_DATA = "reads the whole message and closes without an answer"


class MailServer:
    """Listens on a port of its own while the context lasts.

    Args:
        faults: one for each connection, in order; then none.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self.taken: list[Message] = []
        self._faults = iter(faults)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # A thread that waits in `accept` wakes up by this, and not by closing alone.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for held in self._held:
            held.close()
        self._thread.join(timeout=5)

    @property
    def holds(self) -> bool:
        """Whether somebody waits for an answer that does not come."""
        return bool(self._held)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._speak(connection, next(self._faults, Fault.NONE))

    def _speak(self, connection: socket.socket, fault: Fault) -> None:
        lines = connection.makefile("rb")

        def say(words: str) -> None:
            connection.sendall(f"{words}\r\n".encode())

        say("220 invented.example.org")
        while line := lines.readline():
            word = line.split(b" ")[0].strip().upper()
            if word == b"EHLO" and fault is Fault.HANGS:
                self._held.append(connection)  # open, and silent
                return
            if word == b"RCPT" and fault in (Fault.REFUSES, Fault.NOT_NOW):
                say("550 no such person" if fault is Fault.REFUSES else "451 try again later")
            elif word == b"DATA":
                say("354 go on")
                if fault is Fault.VANISHES_IN_DATA:
                    lines.readline()
                    break
                self.taken.append(_message(lines))
                if fault is Fault.DIES_AFTER_DATA:
                    break
                say("250 taken")
            elif word == b"QUIT":
                say("221 bye")
                break
            else:
                say("250 well")
        lines.close()
        connection.close()


def _message(lines: Iterable[bytes]) -> Message:
    read = []
    for line in lines:
        if line == b".\r\n":
            break
        read.append(line)
    return email.message_from_bytes(b"".join(read))
