"""Which files and wings of the add-on an action enters, and how often it moves."""

import sys
import threading
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What the wings serve and what serves them are rooms of their own.
FOLDERS = ("models", "controllers", "wizards", "tools", "report")


def wing_of(path):
    """The wing of a file, named from the add-on's root: `models/report`, `tools`."""
    folder, *rest = path.parts
    return f"{folder}/{rest[0]}" if folder == "models" and len(rest) > 1 else folder


class Trace:
    """Calls between files of the add-on, in all threads.

    :ivar files: Counter file → calls into it
    :ivar moves: Counter (file, file) → calls from the one into the other, however much
        code of others lies between
    """

    def __init__(self):
        self.files, self.moves = Counter(), Counter()
        self._known = {}

    def _file(self, code):
        """The file of a piece of code if it is one of ours, else None."""
        name = code.co_filename
        if name not in self._known:
            path = Path(name).resolve()
            ours = path.is_relative_to(ROOT) and path.relative_to(ROOT)
            self._known[name] = ours if ours and ours.parts[0] in FOLDERS else None
        return self._known[name]

    def _came(self, frame, event, _argument):
        if event != "call" or not (file := self._file(frame.f_code)):
            return
        self.files[file] += 1
        caller = frame.f_back
        while caller and not (before := self._file(caller.f_code)):
            caller = caller.f_back
        if caller and before != file:
            self.moves[before, file] += 1

    @contextmanager
    def watched(self):
        threading.setprofile(self._came)
        sys.setprofile(self._came)
        try:
            yield self
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def line(self):
        """Files entered, moves between files, wings entered, moves between wings."""
        wings = Counter()
        for (before, after), count in self.moves.items():
            if wing_of(before) != wing_of(after):
                wings[wing_of(before), wing_of(after)] += count
        entered = {wing_of(file) for file in self.files}
        return (len(self.files), self.moves.total(), len(entered), wings.total())
