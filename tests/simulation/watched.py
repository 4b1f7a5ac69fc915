"""The kiosk's ways out of its process, real ones, each with an ear at it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contract import messages as m
from kiosk.cards.model import Identity
from kiosk.enrolling import RegisterAddress
from kiosk.store.identity import IdentityFile
from kiosk.sync.client import RegisterClient
from kiosk.sync.replies import ItemAnswer


@dataclass(frozen=True, slots=True)
class WatchedAddress(RegisterAddress):
    """The register's address, whose clients note what they are asked to send."""

    sent: set[str] = field(kw_only=True)

    def client(self, key: str | None) -> RegisterClient:
        client = WatchedClient(self.url, key=key, tls=self.tls, timeout_s=self.timeout_s)
        client.sent = self.sent
        return client


class WatchedClient(RegisterClient):
    """The real client."""

    sent: set[str]
    """Ids of records that have left, or may have."""

    async def send_uses(self, uses: Sequence[m.UseSent]) -> tuple[ItemAnswer, ...]:
        self.sent.update(each.id for each in uses)
        return await super().send_uses(uses)

    async def send_annulments(self, annulments: Sequence[m.AnnulmentSent]) -> tuple[ItemAnswer, ...]:
        self.sent.update(each.id for each in annulments)
        return await super().send_annulments(annulments)

    async def send_refusals(self, refusals: Sequence[m.RefusalSent]) -> tuple[ItemAnswer, ...]:
        self.sent.update(each.id for each in refusals)
        return await super().send_refusals(refusals)


class WatchedIdentity(IdentityFile):
    """The real file; its process may die before and after each writing."""

    def __init__(self, path: Path, strike: Callable[[str], None]) -> None:
        """`strike` raises CancelledError where the process died."""
        super().__init__(path)
        self._strike = strike

    def save(self, identity: Identity) -> None:
        self._strike("before")
        super().save(identity)
        self._strike("after")
