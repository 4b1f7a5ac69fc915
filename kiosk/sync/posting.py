"""One batch of one kind, put into the contract's words and sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from contract import messages as m
from kiosk.cards.exchange import Item, Parcel
from kiosk.cards.model import Annulment, Refusal, Use
from kiosk.sync.replies import ItemAnswer
from kiosk.sync.wire import annulment_sent, refusal_sent, use_sent

IN_ORDER: tuple[type[Item], ...] = (Use, Annulment, Refusal)
"""Uses first, as annulments speak of them; refusals, which nobody waits for, last."""


class Server(Protocol):
    """The register's side; every call raises RegisterError."""

    async def send_uses(self, uses: Sequence[m.UseSent]) -> tuple[ItemAnswer, ...]:
        """Tell uses."""
        ...

    async def send_annulments(self, annulments: Sequence[m.AnnulmentSent]) -> tuple[ItemAnswer, ...]:
        """Tell annulments."""
        ...

    async def send_refusals(self, refusals: Sequence[m.RefusalSent]) -> tuple[ItemAnswer, ...]:
        """Tell refusals."""
        ...


def batches_of(parcels: Sequence[Parcel]) -> list[list[Parcel]]:
    """`parcels` by kind, in the order to send them."""
    by_kind = ([parcel for parcel in parcels if isinstance(parcel.item, kind)] for kind in IN_ORDER)
    return [batch for batch in by_kind if batch]


async def post(server: Server, batch: Sequence[Parcel]) -> tuple[ItemAnswer, ...]:
    """The answers to a batch of one kind; raises RegisterError."""
    match batch[0].item:
        case Use():
            return await server.send_uses(
                [use_sent(each.item, each.sequence, each.link) for each in batch if isinstance(each.item, Use)]
            )
        case Annulment():
            return await server.send_annulments(
                [annulment_sent(each.item, each.sequence) for each in batch if isinstance(each.item, Annulment)]
            )
        case Refusal():
            return await server.send_refusals(
                [refusal_sent(each.item) for each in batch if isinstance(each.item, Refusal)]
            )
