"""A camera as the scanner: the system gets what it needs, and the Pi's own is refused where its library is not."""

import json
from typing import Any

from tests.site.conftest import Site

PICTURES = "/var/lib/kiosk/pictures"


def with_camera(site: Site, path: str) -> dict[str, Any]:
    """The kiosk's configuration with a camera beside its scanner."""
    config = site.desk.variables["kiosk_config"]
    return {**config, "scanner": [*config["scanner"], {"kind": "camera", "path": path}]}


def test_the_pis_own_camera_is_refused_before_anything_is_done(site: Site) -> None:
    config = with_camera(site, "picamera")
    refused = site.desk.play("site.yml", "--tags", "kiosk", check=False, kiosk_config=config)
    assert (refused.failed, refused.changed) == (1, 0)
    assert "only Raspberry Pi OS has it" in " ".join(refused.text.split())


def test_a_camera_works_with_what_the_playbook_brings(site: Site) -> None:
    assert site.container.run("python3", "-c", "import numpy", check=False).returncode == 1
    # A pipe that names pictures: a folder without any would be a device that fails, and the playbook would stop there.
    site.container.run("runuser", "-u", "kiosk", "--", "mkfifo", "-m", "600", PICTURES)
    site.desk.play("site.yml", "--tags", "kiosk", kiosk_config=with_camera(site, PICTURES))
    findings = {each["name"]: each["state"] for each in json.loads(site.at_desk.kiosk("doctor", "--json", check=False))}
    assert (findings["decoder zxing-cpp"], findings["decoder zbar"]) == ("ok", "ok")
    site.at_desk.use_a_card()
    site.at_desk.until_delivered()
    site.desk.play("site.yml", "--tags", "kiosk")
    site.container.run("rm", PICTURES)
    site.at_desk.until_it_serves()
