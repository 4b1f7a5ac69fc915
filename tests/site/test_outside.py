"""What a stranger on the venue's network finds: SSH, and after some tries not even that."""

from collections.abc import Iterator

import pytest

from tests.site.conftest import Site
from tests.site.outside import STRANGER, TABLET, Outside, outside

SSH, PAGES = 22, 8080
AT_ONCE = 20
"""As many new connections as the filter lets in at once."""
PINGS_AT_ONCE = 5
"""nftables' own burst, where a rule names none."""


@pytest.fixture(scope="module")
def network(site: Site) -> Iterator[Outside]:
    with outside(site.container) as there:
        yield there


def test_a_stranger_reaches_ssh_alone_whatever_listens(site: Site, network: Outside) -> None:
    listening = site.container.run("ss", "-Htln").stdout.split("\n")
    ports = {int(line.split()[3].rsplit(":", 1)[1]) for line in listening if line}
    assert {SSH, PAGES} <= ports
    assert network.reached(sorted({*range(1, 1025), *ports}), STRANGER) == [SSH]


def test_the_tablet_that_the_inventory_names_reaches_the_pages_too(network: Outside) -> None:
    # It is refused, for the pages are served to this machine alone; but the filter lets it come as far.
    assert network.reached([SSH, PAGES], TABLET) == [SSH, PAGES]


def test_whoever_tries_ssh_again_and_again_is_let_in_no_more(network: Outside) -> None:
    assert 0 < len(network.reached([SSH] * 3 * AT_ONCE, STRANGER)) <= AT_ONCE + 1


def test_a_ping_is_answered_and_a_flood_of_them_is_not(network: Outside) -> None:
    assert network.pinged(1, STRANGER) == 1
    assert network.pinged(100, STRANGER) <= 2 * PINGS_AT_ONCE
