"""Is what `./dev package` made whole, and does it work with nothing else of ours?"""

import fnmatch
import hashlib
import posixpath
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

from . import build_backend, databases, demo, odoo, odoo_source, package, postgres
from .machine import (
    CACHE,
    CHECKOUT,
    MODULE,
    STATE,
    Failure,
    lock,
    manifest,
    run,
    say,
)
from .python import interpreter

# Odoo and what it needs, for itself: the packages that ./dev tests with are not there.
ALONE = CACHE / "odoo-alone"
FOLDER = STATE / "package"
REQUIREMENTS = CHECKOUT / "requirements-dev.txt"
START_SECONDS = 180
# Folders of those who work on the add-on, wherever they may lie.
WORKSHOP = {"tests", "bench", "devtools", ".ci", ".github", "__pycache__", "dist"}
ODOO_METADATA = "Metadata-Version: 2.1\nName: odoo\nVersion: {version}\n"
# Of Markdown, to another file of ours.
LINK = re.compile(r"\]\(((?!\w+:)[^)#]+)")
# What a visitor's first page needs: it renders, and its scripts and styles are there.
PAGE = "/phan-anh"
BUNDLE = re.compile(r"""(?:src|href)="(/web/assets/[^"]+)\"""")


def check(wheel: Path, packed: Path) -> int:
    """Say all that is wrong with them; 1 when something is."""
    wrong = [*_contents(wheel, packed), *_metadata(wheel), *_made_again(wheel, packed)]
    for problem in wrong:
        print(problem)
    if wrong:
        return 1
    say("whole, and the same when made again")
    started = time.monotonic()
    _install_and_try(wheel)
    say(f"the wheel works by itself ({time.monotonic() - started:.0f} s)")
    return 0


# ----------------------------------------------------------------------
# What is inside
# ----------------------------------------------------------------------


def _contents(wheel: Path, packed: Path) -> Iterator[str]:
    with zipfile.ZipFile(packed) as opened:
        inside = _files(opened, f"{MODULE}/")
    with zipfile.ZipFile(wheel) as opened:
        if _files(opened, f"odoo/addons/{MODULE}/") != inside:
            yield "the wheel and the zip differ"
    for path in inside:
        if WORKSHOP.intersection(PurePosixPath(path).parts):
            yield f"{path} is none of those who run the add-on"
    for path in _needed():
        if not fnmatch.filter(inside, path.replace("**/*", "*")):
            yield f"{path} is missing"
    yield from _links(inside)


def _links(inside: dict[str, bytes]) -> Iterator[str]:
    """Links of the pages that lead to nothing where only the package is."""
    folders = {str(parent) for path in inside for parent in PurePosixPath(path).parents}
    for path in fnmatch.filter(inside, "*.md"):
        for link in LINK.findall(inside[path].decode()):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            if target not in inside and target not in folders:
                yield f"{path}: {link} leads to nothing"


def _files(archive: zipfile.ZipFile, start: str) -> dict[str, bytes]:
    names = [name for name in archive.namelist() if name.startswith(start)]
    return {name.removeprefix(start): archive.read(name) for name in names}


def _needed() -> Iterator[str]:
    """What the manifest and the page of the store name; `**/*` may stand in it."""
    ours = manifest()
    yield from ("__init__.py", "LICENSE", "README.md", "static/description/icon.png")
    for key in ("data", "demo", "images"):
        yield from ours[key]
    for paths in ours["assets"].values():
        for path in paths:
            if not path.startswith(f"{MODULE}/static/tests/"):
                yield path.removeprefix(f"{MODULE}/")
    page = (CHECKOUT / "static/description/index.html").read_text()
    for name in re.findall(r'src="([^"]+)"', page):
        yield f"static/description/{name}"


def _metadata(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = fnmatch.filter(opened.namelist(), "*.dist-info/METADATA")
        told = HeaderParser().parsestr(opened.read(name).decode())
    wanted = {
        "Name": [f"odoo-addon-{MODULE}"],
        "Version": [manifest()["version"]],
        "License": [manifest()["license"]],
        "Requires-Dist": sorted(["odoo==19.0.*", *build_backend.requirements()]),
    }
    for key, values in wanted.items():
        if sorted(told.get_all(key, [])) != values:
            yield f"the wheel says {key}: {told.get_all(key)} instead of {values}"


def _made_again(*made: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        again = package.make(Path(folder))
        for first, second in zip(made, again, strict=True):
            if first.read_bytes() != second.read_bytes():
                yield f"{first.name} is another file when it is made again"


# ----------------------------------------------------------------------
# Whether it works
# ----------------------------------------------------------------------


def _install_and_try(wheel: Path) -> None:
    postgres.ensure()
    odoo.configure()
    database = databases.name("package")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        python = _environment()
        say(f"installing {wheel.name}")
        run(ALONE / "bin/pip", "--python", python, "install", wheel)
        _comes_from(python, FOLDER)
        databases.clone(databases.template(), database)
        config = FOLDER / "odoo.conf"
        odoo.write_config(config, odoo_source.addons_folders(), FOLDER / "data")
        say("installing the module, with no addons path of ours")
        command = [python, "-m", "odoo", "-c", config, "-d", database]
        _to_its_end([*command, "-i", MODULE, "--stop-after-init", "--no-http"])
        _is_installed(database)
        _serves(command)
    finally:
        databases.drop(database)
        shutil.rmtree(FOLDER, ignore_errors=True)


def _environment() -> Path:
    """A fresh virtual environment with Odoo in it; its Python.

    What Odoo itself needs lies in a second one, made once, which it sees behind its
    own: so whatever the add-on needs beyond it must come with the wheel.
    """
    key = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = ALONE / "requirements.sha256"
    with lock("odoo-alone"):
        if not stamp.exists() or stamp.read_text() != key:
            say("making a virtual environment for Odoo alone")
            shutil.rmtree(ALONE, ignore_errors=True)
            run(interpreter(), "-m", "venv", ALONE)
            run(ALONE / "bin/pip", "install", "--quiet", "-r", REQUIREMENTS)
            stamp.write_text(key)
    run(interpreter(), "-m", "venv", "--without-pip", FOLDER / "venv")
    (packages,) = FOLDER.glob("venv/lib/python*/site-packages")
    (alone,) = ALONE.glob("lib/python*/site-packages")
    # As an editable installation does: its name for pip, the way to it for Python.
    (packages / "odoo.pth").write_text(f"{odoo_source.home()}\n{alone}\n")
    known = packages / "odoo-19.0.dist-info"
    known.mkdir()
    version = odoo_source.version().split()[0]
    (known / "METADATA").write_text(ODOO_METADATA.format(version=version))
    return FOLDER / "venv/bin/python"


def _comes_from(python: Path, folder: Path) -> None:
    find = "import importlib.util as util; print(util.find_spec({!r}).origin)"
    code = find.format(f"odoo.addons.{MODULE}")
    found = run(python, "-c", code, cwd=folder, capture_output=True).stdout.strip()
    if not Path(found).is_relative_to(folder):
        raise Failure(f"{MODULE} was found in {found}, not in the wheel")


def _surroundings() -> dict[str, str]:
    """Nothing that leads to this checkout or to the packages of ./dev."""
    surroundings = odoo.environment()
    del surroundings["PYTHONPATH"]
    surroundings["XDG_CONFIG_HOME"] = str(FOLDER / "config")
    return surroundings


def _to_its_end(command: list) -> None:
    log = odoo.LOGS / "package.log"
    with open(log, "w") as output:
        done = subprocess.run(
            [str(part) for part in command],
            env=_surroundings(),
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    odoo.check_log(log, done.returncode)


def _is_installed(database: str) -> None:
    with databases.cursor(database) as cr:
        cr.execute(
            "SELECT state, latest_version FROM ir_module_module WHERE name = %s",
            [MODULE],
        )
        found = cr.fetchone()
    wanted = ("installed", manifest()["version"])
    if found != wanted:
        raise Failure(f"the module is {found} instead of {wanted}")


def _serves(command: list) -> None:
    """Ask it for a visitor's page and for what that page is made of."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = odoo.LOGS / "package-server.log"
    with open(log, "w") as output:
        server = subprocess.Popen(
            [str(part) for part in (*command, "--http-port", port)],
            env=_surroundings(),
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not demo.answers(port):
            if server.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"{log.read_text()[-4000:]}\nit does not serve")
            time.sleep(0.3)
        page = _get(port, PAGE).decode()
        if "o_civic" not in page:
            raise Failure(f"{PAGE} is not the page of the add-on")
        bundles = BUNDLE.findall(page)
        if not bundles or not any(b"civic" in _get(port, path) for path in bundles):
            raise Failure(f"nothing of the add-on's in what {PAGE} loads: {bundles}")
        _get(port, f"/{MODULE}/static/description/icon.png")
    finally:
        server.terminate()
        server.wait()
    odoo.check_log(log, 0)


def _get(port: int, path: str) -> bytes:
    try:
        with urllib.request.urlopen(demo.url(port) + path, timeout=120) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise Failure(f"{path}: {error}") from None
