"""What waits for the register, put into a file that only the register can read (`contract.rescue`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from contract.rescue import Rescued, RescueHead, seal_rescue
from kiosk.cards.exchange import Parcel
from kiosk.cards.model import Annulment, Identity, Refusal, Use
from kiosk.sync.wire import annulment_sent, refusal_sent, use_sent, utc


def rescue_file(parcels: Sequence[Parcel], identity: Identity, made_at: dt.datetime, software_version: str) -> bytes:
    """The file's content: each record in the very words in which it is or would be sent, so that none is doubled."""
    head = RescueHead(
        kiosk_id=identity.kiosk_id,
        made_at=utc(made_at),
        software_version=software_version,
        records=len(parcels),
    )
    return seal_rescue(
        head,
        (_rescued(parcel) for parcel in parcels),
        key=identity.key,
        register_public_key=identity.register_public_key,
    )


def _rescued(parcel: Parcel) -> Rescued:
    match parcel.item:
        case Use():
            return Rescued(kind="use", item=_raw(use_sent(parcel.item, parcel.sequence, parcel.link)))
        case Annulment():
            return Rescued(kind="annulment", item=_raw(annulment_sent(parcel.item, parcel.sequence)))
        case Refusal():
            return Rescued(kind="refusal", item=_raw(refusal_sent(parcel.item)))


def _raw(message: msgspec.Struct) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(message))
