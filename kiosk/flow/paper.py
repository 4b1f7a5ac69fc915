"""Uses that were written on paper while even the kiosk was dead, recorded afterwards."""

from __future__ import annotations

import datetime as dt

from kiosk.cards.model import CardIdentity, Stamp, Tickets, Use, UseKind
from kiosk.cards.number import NumberForms, parse
from kiosk.cards.unreadable import Unreadable
from kiosk.clock import Clock
from kiosk.flow.ports import Ledger, Senses

MOST_KEPT = 50
LONGEST_AGO = dt.timedelta(days=60)


class PaperDesk:
    """Records what staff let in already, so no rule is asked; the register finds what it would have refused."""

    def __init__(self, forms: NumberForms, ledger: Ledger, senses: Senses, clock: Clock) -> None:
        """Record in `ledger`."""
        self._forms = forms
        self._ledger = ledger
        self._senses = senses
        self._clock = clock
        self._kept: dict[str, Use] = {}
        """The last ones of this process: a second sealed number is never the same, so it would be another record."""

    async def record(
        self,
        *,
        entry_id: str,
        number: str,
        at: dt.datetime,
        kind: UseKind,
        tickets: Tickets,
        event_label: str | None = None,
    ) -> str:
        """Keep the line as a use; empty, or why not: `number`, `time`, `tickets`, `course`, `keys`.

        `entry_id` (UUIDv7) is made with the empty form, so that the same form sent twice is one use. Raises
        StoreError when it is not on the disk.
        """
        now = self._clock.now()
        if not now.utc - LONGEST_AGO <= at <= now.utc:
            return "time"
        if tickets == Tickets(own=0):
            return "tickets"
        if kind is UseKind.COURSE and (tickets.children or tickets.clients):
            # The register does not look for them: a course has no tickets for them on any card.
            return "course"
        read = parse(number, self._forms)
        if isinstance(read, Unreadable):
            return "number"
        keys = self._senses.keys()
        if keys is None:
            return "keys"
        use = self._kept.get(entry_id)
        if use is None:
            # Sealed as well: whether the card is on the list of today says nothing about that evening's.
            identity = CardIdentity(await keys.key_of(read), keys.seal(read), read.tail)
            use = Use(
                id=entry_id,
                card=identity,
                event_id=None,
                kind=kind,
                tickets=tickets,
                quota_places=0,
                # Somebody read it off a clock on the wall: no later correction of this boot's clock applies to it.
                decided=Stamp(at, clock_trusted=True, boot_id="paper", monotonic_ms=0),
                offline=True,
                remarks=(),
                event_label=event_label,
            )
        await self._ledger.record(use)
        self._kept = dict(list(self._kept.items())[1 - MOST_KEPT :]) | {entry_id: use}
        self._senses.recorded()
        return ""
