"""Seal what must stay secret with keys that lie outside the database.

A key ring is a JSON file of several keys; the first seals, all of them open::

    {"keys": [{"id": "0f1e…", "secret": "base64 of 32 bytes", "made": "2026-11-22"}]}

Sealed bytes are AES-256-GCM under a random nonce. They name the key that opens them,
and are bound to a context: a blob that is copied to another row does not open there.
Fingerprints are keyed hashes, by which a value is found again without being read.

Run as a script, it keeps a ring: ``vault.py add FILE`` puts a new key first (and makes
the file if there is none), ``vault.py list FILE`` names the keys that are in it, and
``vault.py move FILE NEW`` brings it to another place.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
import secrets
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

MAGIC = b"CV\x01"  # what it is, and the version of the form
KEY_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER_BYTES = len(MAGIC) + ID_BYTES
START = HEADER_BYTES + NONCE_BYTES
OVERHEAD = START + TAG_BYTES
# Lengths of sealed bytes are multiples of this: a name's length tells nothing.
BLOCK = 256
END = b"\x80"  # where padding begins; zeros follow
FINGERPRINT_BYTES = 16
MAX_RING = 1024 * 1024


class SealError(Exception):
    """Something cannot be sealed or opened. No error repeats what was sealed."""

    code = "seal_error"


class RingMissing(SealError):
    """There is no key file where it should be."""

    code = "missing"


class RingUnreadable(SealError):
    """The key file is there and may not be read."""

    code = "unreadable"


class RingMalformed(SealError):
    """The key file holds something else than a ring of keys."""

    code = "malformed"


class RingInTheWay(SealError):
    """There is another ring where this one is to go: neither may be lost."""

    code = "in_the_way"


class KeyAbsent(SealError):
    """The key that sealed it is not on the ring."""

    code = "absent"

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class Tampered(SealError):
    """It was changed, or is not what belongs in this place."""

    code = "tampered"


class KeyRing:
    """Keys in their order: the first seals and makes fingerprints, all of them open."""

    def __init__(self, entries: Iterable[dict]) -> None:
        """
        :param entries: dicts of id and secret, as in the file
        :raise RingMalformed: one of them is no key, or two are the same
        """
        self._keys = {}
        for entry in entries:
            key = _read_entry(entry)
            if key.id in self._keys:
                raise RingMalformed("a key is there twice")
            self._keys[key.id] = key
        if not self._keys:
            raise RingMalformed("no key")
        self._active = next(iter(self._keys.values()))

    @classmethod
    def load(cls, path: str | os.PathLike) -> KeyRing:
        """Read a ring from its file.

        :raise RingMissing, RingUnreadable, RingMalformed: see there
        """
        return cls(_read_entries(Path(path)))

    @property
    def active_id(self) -> str:
        return self._active.id

    @property
    def ids(self) -> list[str]:
        return list(self._keys)

    def seal(self, data: bytes, context: str) -> bytes:
        """Return bytes that only this ring opens, and only in this context.

        :param context: what it is and where it belongs, such as a model and a number
        """
        return self._active.seal(data, context)

    def open(self, blob: bytes, context: str) -> bytes:
        """Return what was sealed.

        :raise KeyAbsent: the ring lacks its key
        :raise Tampered: it was changed, or sealed in another context
        """
        key_id = key_of(blob)
        if key_id not in self._keys:
            raise KeyAbsent(key_id)
        return self._keys[key_id].open(blob, context)

    def fingerprint(self, kind: str, value: str) -> str:
        """Return a keyed hash, in hex, of a value that is to be found again.

        :param kind: values of different kinds have nothing in common
        """
        return self._active.fingerprint(kind, value)

    def fingerprints(self, kind: str, value: str) -> list[str]:
        """Return fingerprints under every key, for finding what any of them made."""
        return [key.fingerprint(kind, value) for key in self._keys.values()]


class _Key:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = _derive(secret, "id", ID_BYTES).hex()
        self._cipher = algorithms.AES(_derive(secret, "seal", KEY_BYTES))
        self._index = lru_cache(maxsize=64)(self._index_key)

    def seal(self, data: bytes, context: str) -> bytes:
        header = MAGIC + bytes.fromhex(self.id)
        nonce = secrets.token_bytes(NONCE_BYTES)
        encryptor = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(header + context.encode())
        return b"".join(
            [
                header,
                nonce,
                encryptor.update(data),
                encryptor.update(_padding(len(data))),
                encryptor.finalize(),
                encryptor.tag,
            ]
        )

    def open(self, blob: bytes, context: str) -> bytes:
        view = memoryview(blob)
        header, nonce = view[:HEADER_BYTES], view[HEADER_BYTES:][:NONCE_BYTES]
        sealed, tag = view[START:-TAG_BYTES], view[-TAG_BYTES:]
        mode = modes.GCM(bytes(nonce), bytes(tag))
        decryptor = Cipher(self._cipher, mode).decryptor()
        decryptor.authenticate_additional_data(bytes(header) + context.encode())
        padded = decryptor.update(sealed)
        try:
            padded += decryptor.finalize()
        except InvalidTag:
            raise Tampered from None
        return padded[: padded.rindex(END)]

    def fingerprint(self, kind: str, value: str) -> str:
        digest = hmac.new(self._index(kind), value.encode(), sha256).digest()
        return digest[:FINGERPRINT_BYTES].hex()

    def _index_key(self, kind: str) -> bytes:
        return _derive(self._secret, f"index/{kind}", KEY_BYTES)


def _derive(secret: bytes, purpose: str, length: int) -> bytes:
    """A key of its own for each purpose. The secret is random already: no salt."""
    info = f"civic_report/{purpose}".encode()
    return HKDFExpand(hashes.SHA256(), length, info).derive(secret)


def _padding(length: int) -> bytes:
    return END.ljust(padded_length(length) - length, b"\0")


def padded_length(length: int) -> int:
    """Return the length to which so many bytes are padded, at least one more.

    Steps grow with the length (Padmé): at most an eighth is added to what is large.
    """
    length += 1
    exponent = length.bit_length() - 1
    step = max(BLOCK, 1 << (exponent - exponent.bit_length()))
    return -(-length // step) * step


def key_of(blob: bytes) -> str:
    """Return the id of the key that sealed it.

    :raise Tampered: it was not made by this module
    """
    if len(blob) < OVERHEAD + 1 or bytes(blob[: len(MAGIC)]) != MAGIC:
        raise Tampered
    return bytes(blob[len(MAGIC) : HEADER_BYTES]).hex()


# --- the file ------------------------------------------------------------------------


def new_entry(secret: bytes | None = None) -> dict:
    """Return a new random key as it stands in the file."""
    secret = secret or secrets.token_bytes(KEY_BYTES)
    return {
        "id": _Key(secret).id,
        "secret": base64.b64encode(secret).decode(),
        "made": date.today().isoformat(),
    }


def make_ring(path: str | os.PathLike) -> None:
    """Make a file with one new key, unless there is one: of two at once the first wins.

    The file appears whole or not at all, readable by its owner alone.
    """
    path = Path(path)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _write_draft(path, [new_entry()])
    try:
        os.link(draft, path)  # fails when the file is there, where replace would not
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def add_key(path: str | os.PathLike) -> str:
    """Put a new key first, so that it seals from now on; the others still open.

    :return: the new key's id
    """
    path = Path(path)
    if not path.exists():
        make_ring(path)
        return KeyRing.load(path).active_id
    entries = [new_entry(), *_read_entries(path)]
    KeyRing(entries)
    draft = _write_draft(path, entries)
    known = path.stat()
    os.chmod(draft, known.st_mode & 0o777)
    if os.geteuid() == 0:  # the service must still be able to read it
        os.chown(draft, known.st_uid, known.st_gid)
    draft.replace(path)
    return entries[0]["id"]


def move_ring(path: str | os.PathLike, target: str | os.PathLike) -> None:
    """Bring a ring to another place: copied, read back, and only then removed.

    Killed midway it leaves the old file, or both; running it again goes on. The new
    file belongs to whom the old one belonged, who alone may read it.

    :raise RingMissing, RingUnreadable, RingMalformed: of the old file
    :raise RingInTheWay: there is another ring already
    """
    path, target = Path(path), Path(target)
    entries = _read_entries(path)
    KeyRing(entries)
    owner = path.stat()
    if path.exists() and target.exists() and path.samefile(target):
        return
    _make_folder(target.parent, owner)
    draft = _write_draft(target, entries)
    try:
        if os.geteuid() == 0:  # the service must still be able to read it
            os.chown(draft, owner.st_uid, owner.st_gid)
        os.link(draft, target)
    except FileExistsError:
        pass  # by whoever was killed here, or another one's: see below
    finally:
        draft.unlink()
    if _read_entries(target) != entries:
        raise RingInTheWay(str(target))
    _sync_folder(target.parent)
    path.unlink()
    _sync_folder(path.parent)


def _make_folder(folder: Path, owner: os.stat_result) -> None:
    """Make a folder and those above it; the last one is the owner's alone."""
    missing = [folder, *folder.parents]
    missing = [each for each in missing if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if missing and os.geteuid() == 0:
        os.chown(folder, owner.st_uid, owner.st_gid)


def _sync_folder(folder: Path) -> None:
    """Make sure that a name that was added or removed survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_draft(path: Path, entries: list[dict]) -> Path:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(descriptor, "w") as stream:
        json.dump({"keys": entries}, stream, indent=2)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    return Path(name)


def _read_entries(path: Path) -> list[dict]:
    try:
        with path.open("rb") as stream:
            content = json.loads(stream.read(MAX_RING))
    except FileNotFoundError:
        raise RingMissing(str(path)) from None
    except OSError as error:
        raise RingUnreadable(error.strerror) from None
    except ValueError:
        raise RingMalformed("not JSON") from None
    entries = content.get("keys") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise RingMalformed("no list of keys")
    return entries


def _read_entry(entry: dict) -> _Key:
    try:
        secret = base64.b64decode(entry["secret"], validate=True)
        wanted = entry["id"]
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise RingMalformed("not a key") from None
    if len(secret) != KEY_BYTES:
        raise RingMalformed("a key of another length")
    key = _Key(secret)
    if key.id != wanted:
        # A slip of the hand while copying would seal what nobody opens.
        raise RingMalformed("a key and its id do not belong together")
    return key


# --- where it lies --------------------------------------------------------------------

SYSTEM_FILE = "/etc/civic_report/keys.json"


def default_file(data_dir: str | os.PathLike) -> str:
    """Where the ring of a server is looked for when nobody says: the first of the
    places that has one; where none has, the first in which one can be made.

    It is made outside the data directory, since whoever copies that has all that the
    keys seal: in /etc/civic_report, where an administrator has made it, or in the
    configuration of the account under which Odoo runs. Inside only where neither is
    possible. A ring that is inside already goes first, until it is moved: the places
    outside may be those of another server of the same account.

    :param data_dir: Odoo's, with the file store and the sessions
    """
    inside = os.path.join(data_dir, "civic_vault", "keys.json")
    outside = [
        path
        for path in (SYSTEM_FILE, _account_file())
        if path and not lies_inside(path, data_dir)
    ]
    for path in (inside, *outside):
        if os.path.exists(path):
            return path
    return next((path for path in outside if _can_make(path)), inside)


def lies_inside(path: str | os.PathLike, folder: str | os.PathLike) -> bool:
    """Whether a path lies in a folder, links followed."""
    real, folder = os.path.realpath(path), os.path.realpath(folder)
    return os.path.commonpath([real, folder]) == folder


def _account_file() -> str:
    """In the configuration of the account; empty for one without a home."""
    base = os.environ.get("XDG_CONFIG_HOME")
    home = os.path.expanduser("~")
    if not base and os.path.isabs(home) and os.path.isdir(home):
        base = os.path.join(home, ".config")
    return os.path.join(base, "civic_report", "keys.json") if base else ""


def _can_make(path: str) -> bool:
    if path == SYSTEM_FILE:
        # Made there only where somebody has made the folder for it.
        return os.access(os.path.dirname(path), os.W_OK | os.X_OK)
    known = next(each for each in Path(path).parents if each.exists())
    return os.access(known, os.W_OK | os.X_OK)


def main(arguments: list[str]) -> int:
    numbers = {"add": 1, "list": 1, "move": 2}
    if not arguments or len(arguments) - 1 != numbers.get(arguments[0]):
        sys.stderr.write(
            "usage: vault.py add FILE | vault.py list FILE | vault.py move FILE NEW\n"
        )
        return 2
    command, path = arguments[:2]
    try:
        if command == "move":
            move_ring(path, arguments[2])
            sys.stdout.write(f"{path} is now {arguments[2]}: back it up.\n")
        elif command == "add":
            key = add_key(path)
            sys.stdout.write(f"{key} is now the first key of {path}: back it up.\n")
        else:
            sys.stdout.writelines(f"{key}\n" for key in KeyRing.load(path).ids)
    except (SealError, OSError) as error:
        sys.stderr.write(f"{path}: {error.__class__.__name__}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
