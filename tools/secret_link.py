"""Codes in links by which somebody without an account proves to have been sent one.

A code has two halves: a random key, by which its row is found, and a secret, which is
a keyed hash of the key. Of the secret only a hash is kept: who reads the database
learns no code, and who holds the key of the vault can tell the same code again.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

KEY_BYTES = 9
KEY_LENGTH = KEY_BYTES * 4 // 3
CODE = re.compile(rf"[A-Za-z0-9_-]{{{KEY_LENGTH}}}[0-9a-f]{{32,64}}")
# Compared with when no row is found, so that both ways cost the same.
NO_HASH = hashlib.sha256(b"").hexdigest()


def new_key() -> str:
    """Return the first half of a new code."""
    return secrets.token_urlsafe(KEY_BYTES)


def key_of(code: str | None) -> str | None:
    """Return the key by which a code's row is found; None for what is no code."""
    return code[:KEY_LENGTH] if CODE.fullmatch(code or "") else None


def kept_hash(secret: str) -> str:
    """Return what is kept of a secret; it is long and random, and needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(code: str | None, known_hash: str | None) -> bool:
    """Tell, in constant time, whether a code is the one whose hash was kept.

    :param known_hash: nothing where no row was found
    """
    found = hmac.compare_digest(
        kept_hash((code or "")[KEY_LENGTH:]), known_hash or NO_HASH
    )
    return found and bool(known_hash)
