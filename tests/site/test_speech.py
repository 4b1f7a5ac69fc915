"""The spoken verdict of a kiosk as the playbook lays it down: said inside the service's sandbox, heard at a sound card.

A container has no sound card: ALSA writes into a file what it would have played.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.conftest import Site

HEARD = "/run/kiosk/heard"
CARD = f'pcm.!default {{ type file slave.pcm {{ type null }} file "{HEARD}" format raw }}'
LOUD = 1000  # of 32767
COMPLAINT = "voice fails: The program espeak-ng said: No such file or directory."
SENTENCE_BYTES = 22_050  # half a second


@pytest.fixture(scope="module")
def with_card(site: Site) -> Iterator[Site]:
    """The kiosk, with a sound card that is a file; without it and without a voice again afterwards."""
    site.container.run("sh", "-c", f"echo '{CARD}' >/etc/asound.conf")
    yield site
    site.container.run("rm", "/etc/asound.conf")
    site.desk.play("site.yml", "--tags", "kiosk")
    site.at_desk.until_it_serves()


def that_speaks(site: Site, program: str) -> dict[str, Any]:
    return {"kiosk_config": {**site.desk.variables["kiosk_config"], "speech": {"program": program}}}


def processes(site: Site) -> set[str]:
    """The names of all that runs, as far as the kernel keeps them."""
    return set(site.container.run("sh", "-c", "cat /proc/[0-9]*/comm").stdout.split("\n"))


def complaints(site: Site) -> list[str]:
    """What the kiosk found wrong with its voice, since it was started."""
    this_start = f"_SYSTEMD_INVOCATION_ID={site.container.property('kiosk.service', 'InvocationID')}"
    lines = site.container.run("journalctl", "--no-pager", "-o", "cat", this_start).stdout.splitlines()
    return [line for line in lines if "voice" in line]


def test_speech_dispatcher_is_heard_out_of_the_sandbox(with_card: Site) -> None:
    site = with_card
    site.desk.play("site.yml", "--tags", "kiosk", **that_speaks(site, "spd-say"))
    again = site.desk.play("site.yml", "--tags", "kiosk", **that_speaks(site, "spd-say"))
    assert again.changed == 0, again.text[-4000:]
    site.at_desk.use_a_card()
    site.container.until("words", "sh", "-c", f"[ $(stat -c %s {HEARD}) -gt {SENTENCE_BYTES} ]")
    samples = site.container.run("od", "-An", "-v", "-td2", HEARD).stdout.split()
    assert max(abs(int(sample)) for sample in samples) > LOUD


def test_it_stays_in_memory_and_ends_with_the_kiosk(with_card: Site) -> None:
    site = with_card
    assert site.container.run("find", "/var/lib/kiosk", "-name", "*speech*").stdout == ""
    assert "speech-dispatch" in processes(site)
    assert complaints(site) == []
    site.container.run("systemctl", "stop", "kiosk.service")
    assert "speech-dispatch" not in processes(site)
    assert site.container.property("kiosk.service", "Result") == "success"
    site.container.run("systemctl", "start", "kiosk.service")


def test_espeak_finds_the_sound_card_out_of_the_sandbox_and_a_kiosk_without_one_says_so(with_card: Site) -> None:
    """It ends before ALSA has written into a file: that the card was opened, and no complaint, is all there is."""
    site = with_card
    site.desk.play("site.yml", "--tags", "kiosk", **that_speaks(site, "espeak-ng"))
    assert "speech-dispatcher" not in site.container.run("ls", "/etc/kiosk").stdout
    site.at_desk.use_a_card()
    site.container.until("an open card", "test", "-e", HEARD)
    assert complaints(site) == []
    site.container.run("mv", "/etc/asound.conf", "/etc/no-asound.conf")
    site.at_desk.use_a_card()
    site.container.until("a complaint", "sh", "-c", f"journalctl -b -o cat | grep -q '{COMPLAINT}'")
    site.container.run("mv", "/etc/no-asound.conf", "/etc/asound.conf")
    assert [COMPLAINT in line for line in complaints(site)] == [True]
