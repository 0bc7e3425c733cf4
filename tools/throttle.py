"""So many acts in so much time, for each key; what is beyond is refused.

The count is kept in the memory of one process and forgotten with it: nothing about
visitors is stored. Several processes each count their own, so the limit is one against
floods, not an exact one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque


class Throttle:
    """Let at most ``limit`` acts of one key through in any ``seconds``.

    :param max_keys: keys that are remembered; the one longest unused goes first, so
        that a flood of addresses does not fill the memory.
    """

    def __init__(self, limit: int, seconds: float, max_keys: int = 10_000):
        self.limit = limit
        self.seconds = seconds
        self.max_keys = max_keys
        self._acts: OrderedDict[str, deque] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str, now: float | None = None) -> bool:
        """Count an act and tell whether it may go on; refused ones do not count.

        :param now: seconds on any clock that only goes forward.
        """
        now = time.monotonic() if now is None else now
        with self._lock:
            acts = self._acts.setdefault(key, deque())
            self._acts.move_to_end(key)
            if len(self._acts) > self.max_keys:
                self._acts.popitem(last=False)
            while acts and acts[0] <= now - self.seconds:
                acts.popleft()
            if len(acts) >= self.limit:
                return False
            acts.append(now)
            return True

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._acts.clear()
