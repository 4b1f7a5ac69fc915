"""The mistakes that the worlds must show: each is one change in one file of the product."""

from __future__ import annotations

from tests.simulation.mistake import Mistake
from tests.simulation.mistakes_of_time import MISTAKES_OF_TIME

MISTAKES = (
    Mistake(
        "the id is made when the use is sent",
        "kiosk/sync/wire.py",
        "        id=use.id,\n",
        '        id=str(__import__("uuid").uuid4()),\n',
        "no kiosk has|never came|holds up the others|without the register.s word",
        from_seed=2,
    ),
    Mistake(
        "a use is settled before the answer has come",
        "kiosk/sync/push.py",
        "            return await post(self._server, batch)\n",
        "            await self._outbox.settle([Settlement(each.item.id, Fate.DELIVERED) for each in batch])\n"
        "            return await post(self._server, batch)\n",
        "never came",
    ),
    Mistake(
        "the screen says recorded before the commit",
        "kiosk/flow/recording.py",
        "            await self._ledger.record(use)\n",
        '            __import__("asyncio").ensure_future(self._ledger.record(use))\n',
        "not on its disk",
    ),
    Mistake(
        "404 counts as delivered",
        "kiosk/sync/push.py",
        "            await self._outbox.settle([Settlement(batch[0].item.id, Fate.PARKED, message=message, ",
        "            fate = Fate.DELIVERED if 'not-found' in str(error) else Fate.PARKED\n"
        "            await self._outbox.settle([Settlement(batch[0].item.id, fate, message=message, ",
        "never came|does not know of",
        from_seed=11,
    ),
    Mistake(
        "a commit is not forced to the disk",
        "kiosk/store/connection.py",
        '    db.execute("PRAGMA synchronous=FULL")\n    (synchronous,) = db.execute("PRAGMA synchronous").fetchone()\n',
        '    db.execute("PRAGMA synchronous=NORMAL")\n    synchronous = SYNCHRONOUS_FULL\n',
        "not on its disk",
    ),
    Mistake(
        "a rejected batch loses its second half",
        "kiosk/sync/push.py",
        "return await self._deliver(batch[:middle]) and await self._deliver(batch[middle:])",
        "await self._outbox.settle([Settlement(each.item.id, Fate.DELIVERED) for each in batch[middle:]])\n"
        "        return await self._deliver(batch[:middle])",
        "never came",
        from_seed=3,
    ),
    Mistake(
        "an annulment before its use does not count",
        "register/intake/uses.py",
        "annulled = is_annulled(db, use.id, author.id)",
        "annulled = False",
        "counts|does not know",
    ),
    Mistake(
        "a kiosk that enrols anew is a stranger",
        "register/intake/enrolments.py",
        "        continue_device(db, kiosk.id, earlier_id)\n",
        "        pass\n",
        "without the register.s word|does not know of|refused what",
        from_seed=13,
    ),
    Mistake(
        "a flag that has ended is not told",
        "register/intake/second_looks.py",
        "        tell(db, at, verdict_on(db, use_id), venue_id=use.kiosk.venue_id, only_kiosk_id=use.kiosk.id)\n",
        "",
        "was not told that",
    ),
    Mistake(
        "one bad record holds up the others",
        "kiosk/sync/push.py",
        "        self._at_once = max(1, len(batch) // 2)\n"
        "        pause_s = self._pause.begin(wish_s, searching=len(batch) > 1 or not self._halves.suspected)\n"
        "        self._halves.failed(ids)\n",
        "        pause_s = self._pause.begin(wish_s, searching=len(batch) > 1 or not self._halves.suspected)\n",
        "holds up the others",
    ),
    Mistake(
        "use and queue are two transactions",
        "kiosk/store/ledger.py",
        "        await self._db.write(partial(put_use, use=use), adds=True)\n",
        "        await self._db.write(partial(_put, table=_USES, row=use_row(use)), adds=True)\n"
        "        await self._db.write(lambda db: _queue(db, use.id, ItemKind.USE, to_ms(use.decided.at)), adds=True)\n",
        "queue and its records differ|never came|has no link",
    ),
    Mistake(
        "the card list is used while it is taken",
        "kiosk/store/facts.py",
        "LEFT JOIN card_lists ON card_lists.state = 'current'",
        "LEFT JOIN card_lists ON card_lists.id = (SELECT max(id) FROM card_lists)",
        "always on the register's list",
        from_seed=145,
    ),
    Mistake(
        "a verdict is lost with a new feed",
        "register/server/snapshot.py",
        "        before += verdicts_since(db, kiosk, now - KEPT_FOR)\n",
        "",
        "does not know of",
        from_seed=5,
    ),
    Mistake(
        "a course is asked for without a limit",
        "kiosk/sync/client.py",
        "total_s=min(CHECK_LIMIT_S, self._timeout_s)",
        "total_s=self._timeout_s",
        "desk waited",
        from_seed=6,
    ),
    Mistake(
        "the true time of a record is not sent",
        "kiosk/store/parcels.py",
        "    return replace(stamp, at=from_ms(true_ms), uncorrected_at=stamp.at)\n",
        "    return stamp\n",
        "which was put right in time",
        from_seed=19,
    ),
    Mistake(
        "a time is put right to now",
        "kiosk/store/corrections.py",
        "SELECT {table}.id, :now_ms - (:monotonic_ms - monotonic_ms)\n",
        "SELECT {table}.id, :now_ms + 0 * (:monotonic_ms - monotonic_ms)\n",
        "put .* to .* for",
    ),
    Mistake(
        "a time that was put right makes another record of it",
        "register/intake/items.py",
        "    return msgspec.structs.replace(stamp, at=stamp.uncorrected_at or stamp.at, uncorrected_at=None)\n",
        "    return stamp\n",
        "without the register.s word|refused what",
    ),
    Mistake(
        "a restore forgets what only the old database has",
        "kiosk/store/restore.py",
        "saved = sum(take_over(db, source) for source in sources)",
        "saved = 0",
        "the restore lost",
    ),
    Mistake(
        "a restore forgets the links",
        "kiosk/store/taken_over.py",
        "            _take_links(db, old)\n",
        "",
        "has no link|without the register.s word",
    ),
    Mistake(
        "a restored kiosk goes on with the chain of the copy",
        "kiosk/store/restore.py",
        "        begin_chain(db)\n",
        "",
        "the register finds (forked|broken|changed)",
        from_seed=30,
    ),
    Mistake(
        "a rescued use is not told as it was sent",
        "kiosk/sync/rescue.py",
        "use_sent(parcel.item, parcel.sequence, parcel.link)",
        "use_sent(parcel.item, parcel.sequence, None)",
        "refused what|without the register.s word|finds",
    ),
    Mistake(
        "what was exported counts as delivered, and a stick is lost",
        "kiosk/store/outbox.py",
        '"UPDATE outbox SET exported_at_ms = ? WHERE sequence = ?"',
        "\"UPDATE outbox SET exported_at_ms = ?, fate = 'delivered' WHERE sequence = ?\"",
        "never came|does not know of",
        from_seed=2,
    ),
    Mistake(
        "a new key ends the old one before it is used",
        "register/store/kiosks.py",
        '    db.execute("INSERT INTO keys (digest,',
        '    db.execute("UPDATE keys SET ended_at_ms = 1 WHERE kiosk_id = ?", (kiosk_id,))\n'
        '    db.execute("INSERT INTO keys (digest,',
        "do not empty|holds up the others|not good",
    ),
    Mistake(
        "a new key is used before it is on the disk",
        "kiosk/sync/keys.py",
        "        self._identities.save(both)\n        self._server.use_key(new)\n",
        "        self._server.use_key(new)\n"
        "        await self._server.profile()\n"
        "        self._identities.save(both)\n",
        "do not empty|holds up the others|not good",
        from_seed=60,
    ),
    Mistake(
        "the desk of a revoked kiosk goes on",
        "kiosk/flow/consumer.py",
        '"key-revoked" if self._senses.revoked() else ',
        "",
        "a revoked kiosk goes on",
        from_seed=43,
    ),
    Mistake(
        "a full disk is taken for a recorded use",
        "kiosk/flow/recording.py",
        "            return RecordFailed(error.fault, self._clock.now().monotonic_ms)\n",
        "",
        "not on its disk",
    ),
    Mistake(
        "a door forgets its own visitors",
        "kiosk/store/facts.py",
        'f"SELECT coalesce(sum(quota_places), 0) {_HERE} AND event_id = ?"',
        'f"SELECT 0 * coalesce(sum(quota_places), 0) {_HERE} AND event_id = ?"',
        "did not ask|visitors of",
    ),
    Mistake(
        "the page does not count the visitors",
        "kiosk/surroundings.py",
        "max(0, limit - facts.quota_used)",
        "limit",
        "page says",
    ),
    Mistake(
        "the page is not told of what has changed",
        "kiosk/surroundings.py",
        "                self._show(await self.look())\n",
        "                now = await self.look()\n"
        "                if vars(self).setdefault('told', now) is now:\n"
        "                    self._show(now)\n",
        "page does not say",
    ),
    Mistake(
        "a quota that was overrun is not told",
        "register/rules/flags.py",
        '    ("quota-exceeded", _quota_exceeded),\n',
        "",
        "nobody was told",
    ),
    *MISTAKES_OF_TIME,
)
