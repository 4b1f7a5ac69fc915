"""A new release is kept when it works and taken back when it does not, and no use is lost on the way."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.conftest import Site, all_files, changed_since
from tests.site.releases import changed_on_the_way, release_in, variant

CONFIG = "/etc/kiosk/kiosk.toml"
UNPLUGGED = '[[scanner]]\\nkind = "lines"\\npath = "/var/lib/kiosk/unplugged-last-week"'
OTHERS = ("second", "third", "fourth", "fifth")
IN_THE_WAY_OF_A_RESTORE = "/var/lib/kiosk/kiosk.db.restoring"
GOOD = {"kiosk/version.py": "\n# A later one.\n"}
ENDS_AT_ONCE = {"kiosk/commands/run.py": "\n\ndef run(config):\n    raise SystemExit(1)\n"}
ENDS_SOON = {
    "kiosk/runtime.py": "\n\nasync def _tell_ready(ready, notifier):\n"
    "    await ready.wait()\n    notifier.notify('READY=1')\n    raise RuntimeError('broken')\n"
}
LOSES_A_DEVICE = {
    "kiosk/commands/doctor.py": "\n\ndef pins_seen(config):\n    yield failed('red', 'seen by no lamp', 'Wait.')\n"
}
MIGRATES = "\n\n@MIGRATIONS(name='0999_later')\ndef later(db):\n    db.executescript(\"{}\")\n"
CHANGES_THE_RECORDS = {"kiosk/store/migrations.py": MIGRATES.format("ALTER TABLE uses ADD COLUMN later TEXT")}
RECORDS_SOMETHING = {
    "kiosk/store/migrations.py": MIGRATES.format(
        "INSERT INTO outbox (item_id, kind, decided_at_ms) VALUES ('since-the-copy', 'refusal', 0)"
    )
}
TAKES_ANY_SETTING = {"kiosk/cli.py": "\n\nmain.commands['config'].callback = lambda **_: None\n"}


@pytest.fixture(scope="module", autouse=True)
def _a_scanner_is_unplugged(site: Site) -> Iterator[None]:
    """Something fails before and after: that is no fault of a release."""
    site.container.run("cp", "-a", CONFIG, f"{CONFIG}.before")
    site.container.run("sed", "-i", f"$a {UNPLUGGED}", CONFIG)
    yield
    site.container.run("mv", f"{CONFIG}.before", CONFIG)


@contextlib.contextmanager
def cut_off(site: Site) -> Iterator[list[str]]:
    """The register away, a use waiting; afterwards it comes back, and every use must reach it, once."""
    site.register.stop()
    site.at_desk.use_a_card()
    yield site.at_desk.uses()
    site.register.start()
    site.at_desk.until_delivered()
    reached = [use["id"] for use in site.register.uses()]
    ours = site.at_desk.uses()
    assert sorted(use for use in reached if use in ours) == sorted(ours)


def in_use(site: Site) -> str:
    return site.container.run("readlink", "/opt/kiosk/current").stdout.strip().removeprefix("releases/")


def go_back_by_hand(site: Site, release: str) -> None:
    """As the guide says."""
    site.container.run("systemctl", "stop", "kiosk.service")
    site.container.run("ln", "-sfn", f"releases/{release}", "/opt/kiosk/current")
    site.at_desk.kiosk("restore")
    site.container.run("systemctl", "start", "kiosk.service")


def sentences(text: str) -> str:
    return " ".join(text.split())


def test_a_rehearsed_update_touches_nothing(site: Site, tmp_path: Path) -> None:
    was, before = in_use(site), all_files(site.container)
    new = variant(site.wheelhouse, tmp_path / "new", GOOD)
    rehearsed = site.desk.play("update.yml", "--check", kiosk_wheelhouse=str(new), kiosk_keep_releases=0)
    assert (rehearsed.failed, in_use(site), changed_since(site.container, before)) == (0, was, [])


def test_a_good_release_is_used_and_what_waited_is_delivered(site: Site, tmp_path: Path) -> None:
    new = variant(site.wheelhouse, tmp_path / "new", GOOD)
    with cut_off(site) as before:
        site.desk.play("update.yml", kiosk_wheelhouse=str(new))
        assert (in_use(site), site.at_desk.uses()) == (release_in(new), before)
    assert site.desk.play("update.yml", kiosk_wheelhouse=str(new)).changed == 0


@pytest.mark.parametrize(
    "broken",
    [ENDS_AT_ONCE, ENDS_SOON, {**LOSES_A_DEVICE, **CHANGES_THE_RECORDS}],
    ids=["ends at once", "ends soon", "loses a device and has changed the records"],
)
def test_a_release_that_does_not_work_is_taken_back_and_goes_to_no_other_kiosk(
    site: Site, tmp_path: Path, broken: dict[str, str]
) -> None:
    was = in_use(site)
    bad = variant(site.wheelhouse, tmp_path / "bad", broken)
    with cut_off(site) as before:
        played = site.desk.play("update.yml", check=False, beside=OTHERS, kiosk_wheelhouse=str(bad))
        assert (played.failed, played.hosts) == (1, ["door"])
        assert "is in use again" in played.text
        active = site.container.property("kiosk.service", "ActiveState")
        assert (in_use(site), active, site.at_desk.uses()) == (was, "active", before)
        site.at_desk.use_a_card()  # the desk is open again


def test_a_release_that_changed_the_records_is_not_taken_back_while_only_it_knows_some_of_them(
    site: Site, tmp_path: Path
) -> None:
    was = in_use(site)
    bad = variant(site.wheelhouse, tmp_path / "bad", {**LOSES_A_DEVICE, **RECORDS_SOMETHING})
    played = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(bad))
    assert (played.failed, in_use(site)) == (1, release_in(bad))
    assert "STAYS in use: it changed the shape of the records, and 1 of them was not sent" in sentences(played.text)
    go_back_by_hand(site, was)
    site.at_desk.use_a_card()
    site.at_desk.until_delivered()


def test_a_release_that_changed_the_records_serves_on_where_the_copy_cannot_be_put_back(
    site: Site, tmp_path: Path
) -> None:
    was = in_use(site)
    bad = variant(site.wheelhouse, tmp_path / "bad", {**LOSES_A_DEVICE, **CHANGES_THE_RECORDS})
    site.container.run("mkdir", IN_THE_WAY_OF_A_RESTORE)
    played = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(bad))
    site.container.run("rmdir", IN_THE_WAY_OF_A_RESTORE)
    active = site.container.property("kiosk.service", "ActiveState")
    assert (played.failed, in_use(site), active) == (1, release_in(bad), "active")
    assert f"STAYS in use, since the way back to releases/{was} failed" in sentences(played.text)
    go_back_by_hand(site, was)
    site.at_desk.use_a_card()
    site.at_desk.until_delivered()


def test_a_wheel_that_was_changed_on_the_way_is_refused(site: Site, tmp_path: Path) -> None:
    was = in_use(site)
    forged = changed_on_the_way(site.wheelhouse, tmp_path / "forged", GOOD)
    played = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(forged))
    assert played.failed == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in sentences(played.text)
    assert in_use(site) == was


def test_a_release_that_does_not_know_the_records_is_refused_while_they_wait(site: Site, tmp_path: Path) -> None:
    was = in_use(site)
    old = variant(site.wheelhouse, tmp_path / "old", TAKES_ANY_SETTING, ["0001_first_light"])
    with cut_off(site):
        played = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(old))
        assert played.failed == 1
        assert re.search(r"and (1 record was|\d+ records were) not sent\.", sentences(played.text))
    refused = site.desk.play("update.yml", check=False, kiosk_wheelhouse=str(old))
    assert refused.failed == 1
    assert "is older than the records of this kiosk" in sentences(refused.text)
    assert in_use(site) == was
    # Laid down, but not in use: the settings are read by the release that serves.
    wrong = {**site.desk.variables["kiosk_config"], "desk": {"lock_idle": 10}}
    settings = site.desk.play("site.yml", "--tags", "kiosk", check=False, kiosk_wheelhouse=str(old), kiosk_config=wrong)
    assert settings.failed == 1
    assert "lock_idle" not in site.container.run("cat", CONFIG).stdout


def test_the_oldest_releases_make_room(site: Site) -> None:
    def there() -> set[str]:
        return set(site.container.run("ls", "/opt/kiosk/releases").stdout.split())

    assert len(there()) > 1
    site.desk.play("update.yml", kiosk_wheelhouse=str(site.wheelhouse), kiosk_keep_releases=1)
    assert in_use(site) == release_in(site.wheelhouse)
    assert in_use(site) in there()
    assert len(there()) == 1 + 1


def test_what_waits_is_collected_into_a_sealed_file(site: Site, tmp_path: Path) -> None:
    site.register.stop()
    card = site.at_desk.use_a_card()
    site.desk.play("collect.yml", collect_into=str(tmp_path))
    site.register.start()
    (file,) = tmp_path.iterdir()
    assert card.encode() not in file.read_bytes()
    assert file.stat().st_size > 0
    site.at_desk.until_delivered()
