"""An open register for the time of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from register.errors import NotFound
from register.store.opening import Register, open_register


@contextmanager
def opened(database: Path, *, must_exist: bool = False) -> Iterator[Register]:
    """Open the register, or make it where it need not exist; closes it. Raises RegisterError."""
    if must_exist and not database.exists():
        raise NotFound(
            f"There is no register at {database}. `register seed --demo` makes one; --database names another."
        )
    register = open_register(database)
    try:
        yield register
    finally:
        register.close()
