"""All chance of a world, out of one number."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager

Stream = random.Random
"""Chance for one purpose: another purpose that asks more or less does not change it."""


def stream(seed: int, *purpose: object) -> Stream:
    """The chance that the world `seed` has for `purpose`; the same in every process."""
    return random.Random("/".join(map(str, (seed, *purpose))))


@contextmanager
def all_chance_from(seed: int) -> Iterator[None]:
    """Ids, keys and jitter come from `seed` as well: the machine's own source of chance is put aside meanwhile.

    What libsodium draws is not reached: no decision hangs on the bytes of a sealed number.
    """
    entropy, jitter = stream(seed, "entropy"), random.getstate()
    sources = ((os, "urandom", os.urandom), (random, "_urandom", os.urandom))
    random.seed(seed)
    try:
        for module, name, _ in sources:
            setattr(module, name, entropy.randbytes)
        yield
    finally:
        for module, name, real in sources:
            setattr(module, name, real)
        random.setstate(jitter)
