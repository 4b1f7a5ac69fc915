"""The plug of the whole machine is pulled at random instants while cards are used."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.booted.desk import Desk, recorded, until_the_register_has
from tests.support.register import ServingRegister

CUTS = int(os.environ.get("KIOSK_TEST_CUTS", "25"))
SEED = int(os.environ.get("KIOSK_TEST_SEED", random.SystemRandom().randrange(10**9)))
CARDS_OF_A_LIFE = 24
MOST_USES, LONGEST_AFTER_S = 6, 1.5
"""A life ends at a random instant after a random number of uses: a slow machine has lives as full as a fast one."""
FIRST, FIRST_OF_THE_WEAK = 1101, 1801
STORE = "/opt/kiosk/current/lib/python3*/site-packages/kiosk/store/connection.py"
DURABLE = ("PRAGMA synchronous=FULL", "PRAGMA synchronous=OFF"), ("SYNCHRONOUS_FULL = 2", "SYNCHRONOUS_FULL = 0")
INTEGRITY = (
    "python3 -c \"import sqlite3; db = sqlite3.connect('file:/var/lib/kiosk/kiosk.db?mode=ro', uri=True); "
    "print(*(row[0] for row in db.execute('PRAGMA integrity_check')))\""
)


def lives(desk: Desk, first_card: int) -> Iterator[list[str]]:
    """What was announced in each life of the machine, after its end.

    In every second one the cable is out while cards are used: what was delivered would be at the register even where
    the disk has lost it. In the others a cut meets what is on its way.
    """
    chance = random.Random(SEED)
    print(f"seed {SEED}")
    for life in range(CUTS):
        desk.cable.plug_in()
        desk.switch_on()
        desk.until_it_trusts_its_list()
        if life % 2 == 0:
            desk.cable.pull_out()
        first = first_card + life * CARDS_OF_A_LIFE
        heard = desk.machine.hear(
            f"/opt/test/uses {first} {CARDS_OF_A_LIFE}",
            lines=chance.randint(0, MOST_USES),
            then_s=chance.uniform(0, LONGEST_AFTER_S),
        )
        desk.machine.pull_the_plug()
        yield recorded(heard)


@pytest.mark.timeout(1800)
def test_a_use_that_the_desk_announced_outlives_the_pulled_plug(desk: Desk, register: ServingRegister) -> None:
    announced = [use for life in lives(desk, FIRST) for use in life]
    print(f"{len(announced)} announced in {CUTS} lives")
    assert len(announced) > CUTS, "too few uses to prove anything"
    desk.cable.plug_in()
    desk.switch_on()
    assert desk.machine.told(INTEGRITY) == "ok"
    desk.machine.told("runuser -u kiosk -- kiosk check --chain")
    until_the_register_has(register, announced)


@pytest.mark.timeout(600)
def test_a_kiosk_that_asks_less_of_its_disk_is_caught(desk: Desk) -> None:
    desk.switch_on()
    for asked, less in DURABLE:
        desk.machine.told(f"grep -q '{asked}' {STORE} && sed -i 's/{asked}/{less}/' {STORE}")
    desk.machine.told("sync")
    desk.machine.pull_the_plug()
    lost: set[str] = set()
    for announced in lives(desk, FIRST_OF_THE_WEAK):
        desk.switch_on()
        kept = desk.machine.run("runuser -u kiosk -- kiosk queue list --all --json")[1]
        lost = {use for use in announced if use not in kept}
        desk.machine.pull_the_plug()
        if lost:
            break
    assert lost
