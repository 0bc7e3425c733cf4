"""So many acts in so much time: the arithmetic behind the limits.

A bucket is full when ``count`` acts came at once; one act drains from it every
``seconds / count`` seconds (the generic cell rate algorithm). All that has to be kept
of a bucket is the moment at which it will be empty.
"""

from __future__ import annotations

import ipaddress
import math
from typing import NamedTuple

# A home has a whole /64 of IPv6 addresses, and may use another one for each act;
# a provider's customer may have a /56, 256 of these.
IPV6_HOME = 64
IPV6_CUSTOMER = 56


class Rate(NamedTuple):
    """At most ``count`` acts at once, and as many again in each ``seconds``.

    ``top`` is how often more than that the bucket may hold when each further act is
    paid for by work; 1 where nobody can pay.
    """

    count: int
    seconds: int
    top: float = 1

    @property
    def step(self) -> float:
        """Seconds after which one more act is possible."""
        return self.seconds / self.count


def take(rate: Rate, empty_at: float, now: float) -> tuple[float, float]:
    """Count one act.

    :param empty_at: when the bucket will be empty, as kept; 0 for a new one.
    :param now: seconds on the same clock.
    :return: the new ``empty_at``, and the seconds to wait: 0 if the act may go on, and
        refused acts do not count.
    """
    after = max(empty_at, now) + rate.step
    wait = after - rate.seconds - now
    # Sums of fractions miss by a hair.
    return (after, 0) if wait <= 0.001 else (empty_at, wait)


def price(fullness: float) -> int:
    """Return how many times the least work a further act costs.

    It grows as the square: twice too many acts cost four times as much each, so that
    who floods pays and who comes by hardly notices.

    :param fullness: how often what may be held at once is held already
    """
    return max(1, math.floor(fullness**2))


def bearable(paid: int) -> float:
    """Return up to which fullness work of this price is enough.

    Others may come between asking and paying: twice as full as it was is let in.
    """
    return 2 * math.sqrt(paid)


def network(address: str | None, ipv6_prefix: int = IPV6_HOME) -> str:
    """Return what of a network address stands for one household or office.

    IPv4 addresses stay whole, also when they are written as IPv6; of IPv6 the part that
    a provider gives to one customer is left. What is no address stays as it is.

    :param ipv6_prefix: length of that part, in bits
    """
    try:
        parsed = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return (address or "")[:64]
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, ipv6_prefix), strict=False))
