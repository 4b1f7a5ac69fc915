"""The register's key pair, in a private file beside the database."""

from __future__ import annotations

import base64
import binascii
import stat
from pathlib import Path

from nacl.public import PrivateKey, PublicKey

from register.errors import KeyFileError
from register.store.files import write_new_private_file


def key_file_of(database: Path) -> Path:
    """Where the private key of `database` is kept."""
    return database.with_name(f"{database.name}.key")


def load_private_key(path: Path) -> PrivateKey | None:
    """The key in `path`; None where there is no such file; raises KeyFileError for one that cannot be used."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="ascii")
        key = PrivateKey(base64.b64decode(text.strip(), validate=True))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be read: {error.strerror}.") from error
    except (binascii.Error, ValueError, TypeError) as error:  # nothing of the content may be shown
        raise KeyFileError(f"The key file {path} holds no X25519 private key. Put it back from its backup.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileError(f"The key file {path} can be read by others. Say: chmod 600 {path}")
    return key


def make_private_key(path: Path) -> PrivateKey:
    """A new key, on the disk in `path` when this returns; where another program was faster, that one's."""
    key = PrivateKey.generate()
    try:
        write_new_private_file(path, base64.b64encode(bytes(key)) + b"\n")
    except FileExistsError:
        return load_private_key(path) or key
    except OSError as error:
        raise KeyFileError(f"The key file {path} cannot be written: {error.strerror}.") from error
    return key


def public_text(key: PublicKey) -> str:
    """`key` as the contract writes it."""
    return base64.b64encode(bytes(key)).decode()
