"""How kiosk and register come to the same first key, so that a lost answer can be given again."""

from __future__ import annotations

import base64
import hashlib
import hmac


def first_key(token: str, device_secret: str) -> str:
    """The key of the kiosk that enrols with `token`: 256 bits, safe in a header.

    Only who knows both can make it: the token was printed or sent, the device's secret (43 characters of base64url,
    32 random bytes) has never left the device before.
    """
    digest = hmac.digest(device_secret.encode(), b"kaikukiosk first key\0" + token.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
