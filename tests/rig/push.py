"""Devices of followers, and the service that reaches them."""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .gateways import Provider


class PushService(Provider):
    """A browser's push service: 201 for what it takes. Modes besides: gone
    (410), missing (404)."""

    def answer_accept(self, request):
        return 201, b""

    def answer_gone(self, request):
        return 410, b""

    def answer_missing(self, request):
        return 404, b""


ENDPOINT = "https://fcm.googleapis.com/fcm/send/secret-name"


def device(endpoint=ENDPOINT):
    """What a browser gives when its user allows it to be notified."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        "endpoint": endpoint,
        "p256dh": _base64(point),
        "auth": _base64(os.urandom(16)),
    }


def _base64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
