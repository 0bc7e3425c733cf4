"""A small proof of work in the browser, for when too much comes at once (ALTCHA).

A challenge is signed, names what it is for and ends soon. It is answered by work that
takes a browser about half a second for each unit of its price
(https://altcha.org/docs/v2/proof-of-work/), or by waiting: browsers without scripts
come again later with the challenge itself.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import NamedTuple

import altcha

ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 1000
# Counters to try for the least price, half of them for certain.
LEAST_TRIES = 800
VALID_SECONDS = 600
# Seconds to wait instead of the least work; each doubling of the price adds as many.
WAIT_SECONDS = 20
LONGEST = 4000


class Answer(NamedTuple):
    """A challenge that was answered.

    ``nonce`` tells it from any other, ``price`` is what it was worth, ``waited`` is
    whether it was answered by waiting alone.
    """

    nonce: str
    price: int
    waited: bool


def issue(purpose: str, price: int, secret: str) -> dict:
    """Return a challenge as the browser's solver takes it.

    :param purpose: whom and what it is for, compared when it is answered
    :param price: how many times the least work
    :param secret: signs it
    """
    tries = LEAST_TRIES * price
    return altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=tries // 2 + secrets.randbelow(tries // 2),
        expires_at=int(time.time()) + VALID_SECONDS,
        data={
            "for": purpose,
            "price": price,
            "seconds": wait(price),
            "until": int(time.time()) + wait(price),
        },
        hmac_secret=secret,
        hmac_key_secret=f"{secret}.key",
    ).to_dict()


def wait(price: int) -> int:
    """Return the seconds to wait instead of work of this price."""
    return WAIT_SECONDS * price.bit_length()


def ticket(challenge: dict) -> str:
    """Return a challenge as a form carries it: what is answered by waiting."""
    return base64.b64encode(json.dumps({"challenge": challenge}).encode()).decode()


def read(text: str | None, purpose: str, secret: str) -> Answer | None:
    """Return what somebody gave as an answer; None for what is none, or not yet.

    Whether it was used before is for the caller to know.
    """
    try:
        given = json.loads(base64.b64decode((text or "")[:LONGEST], validate=True))
        challenge = altcha.Challenge.from_dict(given["challenge"])
        solution = altcha.Solution.from_dict(
            given.get("solution") or {"counter": 0, "derivedKey": ""}
        )
        result = altcha.verify_solution(
            altcha.Payload(challenge, solution),
            secret,
            hmac_key_secret=f"{secret}.key",
        )
        # Read once it is known to be ours: until then nothing of it is believed.
        if result.expired or result.invalid_signature is not False:
            return None
        data = challenge.parameters.data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    is_over = data["until"] <= time.time()
    if data["for"] != purpose or not (result.verified or is_over):
        return None
    return Answer(challenge.parameters.nonce, data["price"], not result.verified)
