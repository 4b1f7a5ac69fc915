"""Reading messages: the kiosk's way forgives unknown fields, the register's way refuses them."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

Message = TypeVar("Message")


def decode(data: bytes, kind: type[Message]) -> Message:
    """The message in `data`, unknown fields ignored; raises `msgspec.ValidationError` or `msgspec.DecodeError`."""
    return msgspec.json.decode(data, type=kind)


def decode_strictly(data: bytes, kind: type[Message]) -> Message:
    """The message in `data`; raises `msgspec.ValidationError` also for a field that the contract does not name."""
    raw = msgspec.json.decode(data)
    message: Message = msgspec.json.decode(data, type=kind)
    _refuse_unknown(raw, msgspec.to_builtins(message), "$")
    return message


def _refuse_unknown(raw: Any, known: Any, path: str) -> None:
    # No struct omits defaults, so what comes back out of a message holds every field that the contract has.
    if isinstance(raw, dict) and isinstance(known, dict):
        for name in raw:
            if name not in known:
                raise msgspec.ValidationError(f"Object contains unknown field `{name[:60]}` - at `{path}`")
            _refuse_unknown(raw[name], known[name], f"{path}.{name}")
    elif isinstance(raw, list) and isinstance(known, (list, tuple)):
        for position, (item, item_known) in enumerate(zip(raw, known, strict=True)):
            _refuse_unknown(item, item_known, f"{path}[{position}]")
