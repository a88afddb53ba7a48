"""Installs a headless Chromium from an npm package, with the libraries that a bare Linux lacks, for users without root
rights.

It is kept in the virtual environment. The package contains Brotli archives, which Node unpacks; its checksum is pinned.
"""

from __future__ import annotations

import base64
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@sparticuz/chromium@147.0.0"
SHA512 = "4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ=="
FOLDER = Path(sys.prefix) / "browser"
PROGRAM = FOLDER / "chromium"
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])));
"""
START = """#!/bin/sh
folder=$(dirname "$(readlink -f "$0")")
export LD_LIBRARY_PATH="$folder/lib" FONTCONFIG_FILE="$folder/own-fonts.conf"
exec "$folder/headless" --disable-dev-shm-usage "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


def fetch(folder: Path) -> Path:
    """Downloads and unpacks the package. Raises ValueError if its checksum is not the pinned one, CalledProcessError if
    npm fails.
    """
    npm = shutil.which("npm") or "npm"
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True)
    archive = next(folder.glob("*.tgz"))
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        raise ValueError(f"{PACKAGE} is not the package that was pinned")
    extract(archive, folder)
    return folder / "package" / "bin"


def extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as content:
        content.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)  # none before 3.11.4
        content.extractall(folder)


def unpack(compressed: Path, to: Path) -> None:
    node = shutil.which("node") or "node"
    subprocess.run([node, "-e", UNPACK, compressed, to], check=True, capture_output=True)
    if to.suffix == ".tar":
        extract(to, to.parent)
        to.unlink()


def install() -> str:
    """Installs it; returns why that failed, or ""."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "that package is for Linux on x86-64 alone"
    try:
        with tempfile.TemporaryDirectory() as folder:
            place(fetch(Path(folder)))
    except (OSError, ValueError, subprocess.CalledProcessError) as problem:
        return str(problem)
    return ""


def place(archives: Path) -> None:
    FOLDER.mkdir(exist_ok=True)
    for archive in archives.glob("*.tar.br"):
        unpack(archive, FOLDER / archive.stem)
    unpack(archives / "chromium.br", FOLDER / "headless")
    (FOLDER / "headless").chmod(0o755)
    (FOLDER / "own-fonts.conf").write_text(FONTS.format(folder=FOLDER))
    PROGRAM.write_text(START)
    PROGRAM.chmod(0o755)
