"""Files of older cases: in a ZIP archive or in a folder of the server.

What belongs to a case lies in a folder named like its number, or is named by its line.
A name leads nowhere but into the archive or the folder; nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
from collections import defaultdict

MOST_FILES = 500_000
# No photograph packs so well; what does is made to fill the memory.
MOST_RATIO = 200
SMALL = 1024 * 1024


class FilesError(ValueError):
    """The archive or the folder cannot be used.

    :param code: broken, encrypted, too_many or outside
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileError(ValueError):
    """One file cannot be used.

    :param code: missing, outside, too_large or broken
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Files:
    """Names and sizes at once, contents one by one."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}
        self._by_folder: dict[str, list[str]] = defaultdict(list)

    def _add(self, name: str, size: int) -> None:
        if len(self._sizes) >= MOST_FILES:
            raise FilesError("too_many")
        self._sizes[name] = size
        folder, _slash, _rest = name.rpartition("/")
        if folder:
            self._by_folder[folder.rpartition("/")[2]].append(name)

    def of_case(self, number: str) -> list[str]:
        """Names of the files in folders called like a case."""
        # What a folder cannot be called is written with an underscore.
        names = {number, number.replace("/", "_"), number.replace("/", "-")}
        return sorted(
            {x for name in names for x in self._by_folder.get(_nfc(name), ())}
        )

    def find(self, name: str, limit: int) -> str:
        """Return the full name of a file that a line names.

        :param limit: most bytes of a file
        :raise FileError: there is none, or it is not to be read
        """
        safe = safe_path(name)
        if safe is None:
            raise FileError("outside")
        if safe not in self._sizes:
            raise FileError("missing")
        if self._sizes[safe] > limit:
            raise FileError("too_large")
        return safe


class Archive(_Files):
    """Files of a ZIP archive.

    :param data: the whole archive
    :raise FilesError: it cannot be read
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise FilesError("broken") from None
        self._infos = {}
        for info in infos:
            if info.is_dir():
                continue
            if info.flag_bits & 0x1:
                raise FilesError("encrypted")
            name = safe_path(info.filename)
            if name is None:
                raise FilesError("outside")
            if stat.S_ISLNK(info.external_attr >> 16):
                continue
            packed = max(info.compress_size, 1)
            if info.file_size > SMALL and info.file_size / packed > MOST_RATIO:
                raise FilesError("bomb")
            self._infos[name] = info
            self._add(name, info.file_size)

    def content(self, name: str, limit: int) -> bytes:
        """Return what a file holds.

        :raise FileError: it is damaged or larger than it says
        """
        try:
            with self._zip.open(self._infos[name]) as stream:
                data = stream.read(limit + 1)
        except Exception:  # noqa: BLE001 - whatever a damaged archive does
            raise FileError("broken") from None
        if len(data) > limit:
            raise FileError("too_large")
        return data


class Folder(_Files):
    """Files of a folder of the server.

    :param root: the one place under which such folders may lie
    :param path: of the folder, within the root
    :raise FilesError: it does not lie there
    """

    def __init__(self, root: str, path: str) -> None:
        super().__init__()
        inside = safe_path(path)
        top = os.path.realpath(root)
        self._top = os.path.realpath(os.path.join(top, inside or ""))
        is_inside = os.path.commonpath([top, self._top]) == top
        if inside is None or not is_inside or not os.path.isdir(self._top):
            raise FilesError("outside")
        self._paths = {}
        for folder, _folders, files in os.walk(self._top):
            for file in files:
                full = os.path.join(folder, file)
                # A link may lead out of it.
                if not os.path.islink(full) and os.path.isfile(full):
                    name = _nfc(os.path.relpath(full, self._top).replace(os.sep, "/"))
                    self._paths[name] = full
                    self._add(name, os.path.getsize(full))

    def content(self, name: str, limit: int) -> bytes:
        """As that of an archive."""
        try:
            handle = os.open(self._paths[name], os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as stream:
                data = stream.read(limit + 1)
        except OSError:
            raise FileError("missing") from None
        if len(data) > limit:
            raise FileError("too_large")
        return data


def safe_path(name: str) -> str | None:
    """Return a relative path in its one form; None for one that leads out."""
    name = _nfc(name.replace("\\", "/")).strip()
    parts = [part for part in name.split("/") if part not in ("", ".")]
    is_absolute = name.startswith("/") or ":" in name.partition("/")[0]
    if is_absolute or ".." in parts or "\0" in name:
        return None
    return "/".join(parts)


def _nfc(name: str) -> str:
    return unicodedata.normalize("NFC", name)
