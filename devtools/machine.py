"""Where things are on this machine, and how commands are run on it."""

import ast
import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

MODULE = "civic_report"
CHECKOUT = Path(__file__).resolve().parent.parent
IS_ROOT = os.geteuid() == 0


def _cache_dir() -> Path:
    if own := os.environ.get("CIVIC_CACHE"):
        return Path(own).expanduser().resolve()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / MODULE


def short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


CACHE = _cache_dir()
CHECKOUT_ID = short_hash(str(CHECKOUT))
# What belongs to this checkout alone: several worktrees work side by side.
STATE = CACHE / "checkouts" / CHECKOUT_ID
VENV = CACHE / "venv"
PYTHON = VENV / "bin" / "python"
# Odoo wants the folder to have the module's name. The link is outside the
# checkout, or the export of terms would see every file twice.
LINK = STATE / "addons" / MODULE


class Failure(Exception):
    """Something the user can act on; shown without a traceback."""


def say(message: str) -> None:
    print(f"• {message}", flush=True)


def run(*command, **options) -> subprocess.CompletedProcess:
    """Run a command without standard input; a failure raises with its output."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("text", True)
    quiet = not ({"stdout", "stderr", "capture_output"} & options.keys())
    if quiet:
        options.update(stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    done = subprocess.run([str(part) for part in command], check=False, **options)
    if done.returncode:
        output = "\n".join(text for text in (done.stdout, done.stderr) if text)
        line = " ".join(str(part) for part in command)
        raise Failure(f"{output[-4000:]}\nfailed ({done.returncode}): {line}")
    return done


@contextlib.contextmanager
def lock(name: str, folder: Path = CACHE):
    """Let one process at a time build what `name` stands for."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"• waiting for another ./dev ({name})", file=sys.stderr, flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def alive(pid: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # when it is a child of ours
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def files(*suffixes: str) -> list[str]:
    """The checkout's files, tracked or new, as paths relative to it."""
    if (CHECKOUT / ".git").exists():
        # Root works on checkouts of other users, too.
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co"]
        listed = run(*command, "--exclude-standard", cwd=CHECKOUT, capture_output=True)
        paths = set(listed.stdout.split("\0")[:-1])
    else:  # an unpacked archive
        found = (path.relative_to(CHECKOUT) for path in CHECKOUT.rglob("*"))
        paths = {str(path) for path in found if "__pycache__" not in path.parts}
    wanted = [path for path in paths if not suffixes or path.endswith(suffixes)]
    return sorted(path for path in wanted if (CHECKOUT / path).is_file())


def manifest() -> dict:
    """What the add-on tells Odoo of itself."""
    return ast.literal_eval((CHECKOUT / "__manifest__.py").read_text())
