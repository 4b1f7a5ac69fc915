"""A new release is kept when it works and taken back when it does not, and no use is lost on the way."""

from pathlib import Path

import pytest

from tests.site.conftest import Site
from tests.site.releases import release_in, variant

GOOD = {"kiosk/version.py": "\n# A later one.\n"}
ENDS_AT_ONCE = {"kiosk/commands/run.py": "\n\ndef run(config):\n    raise SystemExit(1)\n"}
ENDS_SOON = {
    "kiosk/runtime.py": "\n\nasync def _tell_ready(ready, notifier):\n"
    "    await ready.wait()\n    notifier.notify('READY=1')\n    raise RuntimeError('broken')\n"
}


def in_use(site: Site) -> str:
    return site.container.run("readlink", "/opt/kiosk/current").stdout.strip().removeprefix("releases/")


def test_a_good_release_is_used_and_what_waited_is_delivered(site: Site, tmp_path: Path) -> None:
    new = variant(site.wheelhouse, tmp_path / "new", GOOD)
    site.register.stop()
    site.at_desk.use_a_card()
    before = site.at_desk.uses()
    site.desk.play("update.yml", kiosk_wheelhouse=str(new))
    assert (in_use(site), site.at_desk.uses()) == (release_in(new), before)
    site.register.start()
    site.at_desk.until_delivered()
    assert set(before) <= {use["id"] for use in site.register.uses()}
    assert site.desk.play("update.yml", kiosk_wheelhouse=str(new)).changed == 0


@pytest.mark.parametrize("broken", [ENDS_AT_ONCE, ENDS_SOON], ids=["ends at once", "ends soon"])
def test_a_release_that_does_not_work_is_taken_back_and_nothing_is_lost(
    site: Site, tmp_path: Path, broken: dict[str, str]
) -> None:
    was = in_use(site)
    site.register.stop()
    site.at_desk.use_a_card()
    before = site.at_desk.uses()
    played = site.desk.play(
        "update.yml", check=False, kiosk_wheelhouse=str(variant(site.wheelhouse, tmp_path / "bad", broken))
    )
    assert played.failed == 1
    assert "is in use again" in played.text
    assert (in_use(site), site.container.property("kiosk.service", "ActiveState"), site.at_desk.uses()) == (
        was,
        "active",
        before,
    )
    site.register.start()
    site.at_desk.until_delivered()
    assert set(before) <= {use["id"] for use in site.register.uses()}


def test_a_release_that_does_not_know_the_records_is_refused_while_they_wait(site: Site, tmp_path: Path) -> None:
    was = in_use(site)
    site.register.stop()
    site.at_desk.use_a_card()
    old = variant(site.wheelhouse, tmp_path / "old", {"kiosk/version.py": "\n# An older one.\n"}, ["0001_first_light"])
    played = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(old))
    site.register.start()
    assert played.failed == 1
    assert "records were not sent" in " ".join(played.text.split())
    assert in_use(site) == was
    site.at_desk.until_delivered()


def test_what_waits_is_collected_into_a_sealed_file(site: Site, tmp_path: Path) -> None:
    site.register.stop()
    card = site.at_desk.use_a_card()
    site.desk.play("collect.yml", collect_into=str(tmp_path))
    site.register.start()
    (file,) = tmp_path.iterdir()
    assert card.encode() not in file.read_bytes()
    assert file.stat().st_size > 0
    site.at_desk.until_delivered()
