"""Processes of the product for tests, forked from one that has its modules loaded already.

Loading the modules takes three seconds of CPU time, and the suite starts about two hundred processes. So one process,
the template, loads them once, and each start forks it. A fork then does what a new process would do after its imports:
it has its own arguments, environment, output and exit status, and can be killed like any other. Without `use_template`
(in the bench), and for a server of several processes, processes are started in the ordinary way.

The template listens on a Unix socket. A connection carries one request, a JSON object `{arguments, environment}` with
two file descriptors (output, errors). It is answered by the process id and, when that process has ended, by its exit
status, negative for a signal; both are 8 bytes, big-endian, signed.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn, Protocol

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-P", "-m", "server.cli")
NUMBER = 8
LOADED = ("server.cli", "server.app")


class Process(Protocol):
    """The part of `subprocess.Popen` that tests use and that forks have too."""

    pid: int
    returncode: int | None

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def kill(self) -> None: ...


# The side of the tests


class Fork:
    """A process forked from the template."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = _read_number(connection)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the process to end and returns its exit status.

        Raises subprocess.TimeoutExpired if it is still running after `timeout` seconds.
        """
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                self.returncode = _read_number(self._connection)
            except TimeoutError:
                raise subprocess.TimeoutExpired(COMMAND, timeout or 0) from None
            self._connection.close()
        return self.returncode

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Template:
    """The template of this test process; it is started together with the first process of the product."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "template"
        self._process: subprocess.Popen[bytes] | None = None

    def connection(self) -> socket.socket:
        """A new connection to the template."""
        if self._process is None:
            self._process = self._started()
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self._address))
        return connection

    def _started(self) -> subprocess.Popen[bytes]:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(self._address))
            listening.listen(64)
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.product_process", str(listening.fileno())],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                pass_fds=[listening.fileno()],
            )

    def stop(self) -> None:
        if self._process is not None:
            self._process.communicate()


_templates: list[_Template] = []
"""The template from which processes are forked; empty if there is none."""


@contextmanager
def use_template() -> Iterator[None]:
    """Within this context, processes of the product are forked from a template."""
    with tempfile.TemporaryDirectory(prefix="product") as folder:
        template = _Template(Path(folder))
        _templates.append(template)
        try:
            yield
        finally:
            _templates.remove(template)
            template.stop()


def start(
    arguments: Sequence[str], environment: dict[str, str], output: IO[bytes], errors: IO[bytes] | None = None
) -> Process:
    """Starts `pleniere` with these arguments; standard output goes to `output`, standard error to `errors`, by default
    to `output` too.
    """
    errors = output if errors is None else errors
    if not _templates or "--workers" in arguments:
        return subprocess.Popen(
            [*COMMAND, *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
    connection = _templates[-1].connection()
    request = json.dumps({"arguments": list(arguments), "environment": environment}).encode()
    socket.send_fds(connection, [len(request).to_bytes(NUMBER, "big") + request], [output.fileno(), errors.fileno()])
    return Fork(connection)


def run(arguments: Sequence[str], environment: dict[str, str], timeout: float) -> subprocess.CompletedProcess[str]:
    """Runs `pleniere` with these arguments to its end and returns its status and output. Raises
    subprocess.TimeoutExpired after `timeout` seconds.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = start(arguments, environment, output, errors)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        return subprocess.CompletedProcess([*arguments], status, _read_text(output), _read_text(errors))


def _read_text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _read_number(connection: socket.socket) -> int:
    return int.from_bytes(_read(connection, NUMBER), "big", signed=True)


def _read(connection: socket.socket, size: int) -> bytes:
    """Reads exactly `size` bytes. Raises ConnectionError if the other side closes the connection before."""
    read = b""
    while len(read) < size:
        piece = connection.recv(size - len(read))
        if not piece:
            raise ConnectionError("the template of product processes has ended")
        read += piece
    return read


# The template


def serve_as_template(listening: socket.socket) -> None:
    """Forks for each connection, until standard input is closed because the tests have ended or were killed."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([listening, sys.stdin], [], [])
        if sys.stdin in ready:
            return
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _attend(connection)
        connection.close()


def _load() -> None:
    """Imports what any command may need; `server.cli` itself imports only what the command at hand needs."""
    commands = importlib.import_module("server.command_line")
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        importlib.import_module(module.name)
    for name in LOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _attend(connection: socket.socket) -> NoReturn:
    """Answers one request: starts the process, reports its id, waits for it, reports its status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, descriptors, _, _ = socket.recv_fds(connection, NUMBER, 2)
    request = json.loads(_read(connection, int.from_bytes(head, "big")))
    child = os.fork()
    if child == 0:
        connection.close()
        _become(request["arguments"], request["environment"], descriptors)
    connection.sendall(child.to_bytes(NUMBER, "big", signed=True))
    _, status = os.waitpid(child, 0)
    connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(NUMBER, "big", signed=True))
    os._exit(0)


def _become(arguments: list[str], environment: dict[str, str], descriptors: list[int]) -> NoReturn:
    """Continues this process as `pleniere` with these arguments, as if it had just been started."""
    output, errors = descriptors
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(errors, 2)
    os.closerange(3, max(descriptors) + 1)
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pleniere", *arguments]
    gc.unfreeze()
    sys.exit(importlib.import_module("server.cli").main())


if __name__ == "__main__":
    serve_as_template(socket.socket(fileno=int(sys.argv[1])))
