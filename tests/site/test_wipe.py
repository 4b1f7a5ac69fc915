"""A kiosk that leaves its venue forgets everything, but never what exists nowhere else; then it can be another one."""

import json
from pathlib import Path

import pytest

from tests.site.conftest import Site, all_files, changed_since

EVERYWHERE = ["/boot", "/data", "/etc", "/home", "/root", "/srv", "/tmp", "/var"]


def identity(site: Site) -> dict[str, str]:
    told: dict[str, str] = json.loads(site.container.run("cat", "/var/lib/kiosk/identity.json").stdout)
    return told


def test_a_wipe_that_was_not_confirmed_touches_nothing(site: Site) -> None:
    pid = site.container.property("kiosk.service", "MainPID")
    refused = site.desk.play("wipe.yml", check=False)
    assert (refused.failed, refused.changed) == (1, 0)
    assert "Nothing was wiped" in refused.text
    assert site.container.property("kiosk.service", "MainPID") == pid


@pytest.mark.parametrize("playbook", ["enrol.yml", "collect.yml", "wipe.yml"])
def test_what_is_rehearsed_touches_nothing(site: Site, tmp_path: Path, playbook: str) -> None:
    known, pid, before = identity(site), site.container.property("kiosk.service", "MainPID"), all_files(site.container)
    rehearsed = site.desk.play(playbook, "--check", wipe_confirmed="door", collect_into=str(tmp_path))
    assert (rehearsed.failed, changed_since(site.container, before), list(tmp_path.iterdir())) == (0, [], [])
    assert (identity(site), site.container.property("kiosk.service", "MainPID")) == (known, pid)


def test_a_kiosk_with_uses_that_exist_nowhere_else_goes_on_serving(site: Site) -> None:
    before = identity(site)
    site.register.stop()
    site.at_desk.use_a_card()
    uses = site.at_desk.uses()
    refused = site.desk.play("wipe.yml", check=False, wipe_confirmed="door")
    assert refused.failed == 1
    assert "Not wiped, and serving again" in " ".join(refused.text.split())
    site.at_desk.until_it_serves()
    assert (identity(site), site.at_desk.uses()) == (before, uses)
    site.register.start()
    site.at_desk.until_delivered()


def test_a_wiped_kiosk_knows_nothing_and_serves_no_more(site: Site) -> None:
    key = identity(site)["key"]
    site.desk.play("wipe.yml", wipe_confirmed="door")
    assert site.container.run("find", "/var/lib/kiosk", "-type", "f").stdout == ""
    found = site.container.run("grep", "-rlsF", "--devices=skip", key, *EVERYWHERE, check=False)
    assert found.stdout == ""
    assert site.container.run("systemctl", "is-enabled", "kiosk.service", check=False).stdout == "disabled\n"
    assert site.container.property("kiosk.service", "ActiveState") == "inactive"


def test_a_token_that_is_missing_or_wrong_is_said(site: Site) -> None:
    site.desk.play("site.yml", "--tags", "kiosk")
    before = all_files(site.container)
    rehearsed = site.desk.play("enrol.yml", "--check", enrol_tokens={"door": "wrong"})
    assert (rehearsed.failed, changed_since(site.container, before)) == (0, [])
    missing = site.desk.play("enrol.yml", check=False)
    assert missing.failed == 1
    assert "names no token for door" in " ".join(missing.text.split())
    wrong = site.desk.play("enrol.yml", check=False, enrol_tokens={"door": "wrong"}, enrol_patience_s=3)
    assert wrong.failed == 1
    assert "gave no identity" in " ".join(wrong.text.split())


def test_a_new_token_makes_it_a_new_kiosk(site: Site) -> None:
    site.at_desk.lay_the_scanner()
    site.desk.play("enrol.yml", enrol_tokens={"door": site.register.token()})
    site.container.until("the card list", "sh", "-c", "runuser -u kiosk -- kiosk check")
    site.at_desk.use_a_card()
    site.at_desk.until_delivered()
    assert set(site.at_desk.uses()) <= {use["id"] for use in site.register.uses()}
    assert site.container.run("ls", "-A", "/etc/credstore.encrypted").stdout == ""
    assert site.container.run("systemctl", "is-enabled", "kiosk.service").stdout == "enabled\n"
