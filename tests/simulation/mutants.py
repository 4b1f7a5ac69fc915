"""Mistakes put into a copy of the product, to see that the worlds show them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("kiosk", "register", "contract", "tests/simulation")
WORLDS = ("-m", "tests.simulation", "--jobs", "1", "--as-found")
FOUND = re.compile(r"^seed (\d+) is wrong:\n((?:  .+\n)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: in `file`, `right` (which stands there once) becomes `wrong`."""

    name: str
    file: str
    right: str
    wrong: str
    shows: str
    """What the worlds say of it, as a regular expression."""
    from_seed: int = 0
    """Where the test begins to look: near the first world that showed it when it was last counted from 0."""


MUTANTS = (
    Mutant(
        "the id is made when the use is sent",
        "kiosk/sync/wire.py",
        "        id=use.id,\n",
        '        id=str(__import__("uuid").uuid4()),\n',
        "no kiosk has|never came|holds up the others|without the register.s word",
        from_seed=2,
    ),
    Mutant(
        "a use is settled before the answer has come",
        "kiosk/sync/push.py",
        "            return await post(self._server, batch)\n",
        "            await self._outbox.settle([Settlement(each.item.id, Fate.DELIVERED) for each in batch])\n"
        "            return await post(self._server, batch)\n",
        "never came",
    ),
    Mutant(
        "the screen says recorded before the commit",
        "kiosk/flow/recording.py",
        "            await self._ledger.record(use)\n",
        '            __import__("asyncio").ensure_future(self._ledger.record(use))\n',
        "not on its disk",
    ),
    Mutant(
        "404 counts as delivered",
        "kiosk/sync/push.py",
        "            await self._outbox.settle([Settlement(batch[0].item.id, Fate.PARKED, error=str(error))])\n",
        "            fate = Fate.DELIVERED if 'not-found' in str(error) else Fate.PARKED\n"
        "            await self._outbox.settle([Settlement(batch[0].item.id, fate, error=str(error))])\n",
        "never came",
        from_seed=11,
    ),
    Mutant(
        "a commit is not forced to the disk",
        "kiosk/store/connection.py",
        '    db.execute("PRAGMA synchronous=FULL")\n    (synchronous,) = db.execute("PRAGMA synchronous").fetchone()\n',
        '    db.execute("PRAGMA synchronous=NORMAL")\n    synchronous = SYNCHRONOUS_FULL\n',
        "not on its disk",
    ),
    Mutant(
        "a rejected batch loses its second half",
        "kiosk/sync/push.py",
        "return await self._deliver(batch[:middle]) and await self._deliver(batch[middle:])",
        "await self._outbox.settle([Settlement(each.item.id, Fate.DELIVERED) for each in batch[middle:]])\n"
        "        return await self._deliver(batch[:middle])",
        "never came",
        from_seed=3,
    ),
    Mutant(
        "an annulment before its use does not count",
        "register/intake/uses.py",
        "annulled = is_annulled(db, use.id, author.id)",
        "annulled = False",
        "counts|does not know",
    ),
    Mutant(
        "one bad record holds up the others",
        "kiosk/sync/push.py",
        "        await self._postpone(batch, pause_s, str(error))\n",
        "",
        "holds up the others",
    ),
    Mutant(
        "use and queue are two transactions",
        "kiosk/store/ledger.py",
        "        await self._db.write(partial(_record, use=use), adds=True)\n",
        "        await self._db.write(partial(_put, table=_USES, row=use_row(use)), adds=True)\n"
        "        await self._db.write(lambda db: _queue(db, use.id, ItemKind.USE, to_ms(use.decided.at)), adds=True)\n",
        "queue and its records differ|never came",
    ),
    Mutant(
        "the card list is used while it is taken",
        "kiosk/store/facts.py",
        "LEFT JOIN card_lists ON card_lists.state = 'current'",
        "LEFT JOIN card_lists ON card_lists.id = (SELECT max(id) FROM card_lists)",
        "always on the register's list",
        from_seed=145,
    ),
    Mutant(
        "a verdict is lost with a new feed",
        "register/server/snapshot.py",
        "        before += verdicts_since(db, kiosk, now - KEPT_FOR)\n",
        "",
        "does not know of",
        from_seed=5,
    ),
    Mutant(
        "a course is asked for without a limit",
        "kiosk/sync/client.py",
        "total_s=min(CHECK_LIMIT_S, self._timeout_s)",
        "total_s=self._timeout_s",
        "desk waited",
        from_seed=6,
    ),
)


def hunt(mutant: Mutant, *, first: int, worlds: int) -> tuple[int, str] | None:
    """How many worlds it takes until the mistake shows, and what shows it; None: it does not."""
    with tempfile.TemporaryDirectory(prefix="kaikukortti-mutant-") as name:
        folder = Path(name)
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        file = folder / mutant.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutant.right) != 1:
            raise AssertionError(f"{mutant.file} does not hold this once: {mutant.right}")
        file.write_text(text.replace(mutant.right, mutant.wrong), encoding="utf-8")
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.simulation",
                "--first",
                str(first),
                "--seeds",
                str(worlds),
                "--jobs",
                "1",
                "--as-found",
            ],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            check=False,
            timeout=110,
        )
    found = FOUND.search(done.stdout)
    if found is None:
        if done.returncode:
            raise AssertionError(done.stderr)
        return None
    return int(found[1]) - first + 1, found[2]
