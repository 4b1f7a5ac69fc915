"""The file that says who this kiosk is to the register; only the kiosk may read it."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec

from kiosk.cards.model import Identity
from kiosk.errors import StoreUnavailable
from kiosk.store.files import remove_file, replace_file

PUBLIC_KEY_BYTES = 32
SECRET_BYTES = 32
SECRET_CHARACTERS = 43
"""Of base64url, for so many bytes."""


class IdentityFile:
    """Keeps one identity; whoever reads it sees the old one or the new, never half of one."""

    def __init__(self, path: Path) -> None:
        """Keep it at `path`."""
        self.path = path
        self.secret_path = path.with_name("enrolment-secret")

    def load(self) -> Identity | None:
        """The identity; None: the kiosk is not enrolled; raises StoreUnavailable for a file of no use."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._fault("read", error) from error
        try:
            identity = msgspec.json.decode(content, type=Identity)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._damaged() from None  # the cause might quote the key
        if len(identity.register_public_key) != PUBLIC_KEY_BYTES or not identity.key:
            raise self._damaged()
        return identity

    def save(self, identity: Identity) -> None:
        """Keep `identity`, on the disk when this returns; raises StoreUnavailable."""
        try:
            replace_file(self.path, msgspec.json.encode(identity))
        except OSError as error:
            raise self._fault("written", error) from error

    def device_secret(self) -> str:
        """The device's part of its first key, made once and on the disk when this returns; raises StoreUnavailable.

        It stays until the enrolment is done: with it, an enrolment whose answer was lost can be asked for again.
        """
        try:
            known = self.secret_path.read_text(encoding="ascii") if self.secret_path.exists() else ""
            if len(known) != SECRET_CHARACTERS:
                known = secrets.token_urlsafe(SECRET_BYTES)
                replace_file(self.secret_path, known.encode())
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is damaged"
            raise StoreUnavailable(f"The file {self.secret_path} cannot be used: {why}.") from None
        return known

    def forget_device_secret(self) -> None:
        """The enrolment is done; harmless where there is no secret; raises StoreUnavailable."""
        try:
            remove_file(self.secret_path)
        except OSError as error:
            raise self._fault("removed", error) from error

    def delete(self) -> None:
        """Forget the identity; harmless where there is none; raises StoreUnavailable."""
        try:
            remove_file(self.path)
        except OSError as error:
            raise self._fault("removed", error) from error

    def _fault(self, done: str, error: OSError) -> StoreUnavailable:
        return StoreUnavailable(f"The identity file {self.path} cannot be {done}: {error.strerror}.")

    def _damaged(self) -> StoreUnavailable:
        return StoreUnavailable(
            f"The identity file {self.path} is damaged. Delete it and enrol the kiosk again; "
            "what the kiosk has recorded is kept and will be sent."
        )
