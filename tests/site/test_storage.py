"""The kiosk's own partition, and a root that is only read: what was recorded stays, what was not the kiosk's goes."""

from tests.site.conftest import Site

MARK = "/etc/written-by-nobody"


def test_records_and_releases_lie_on_the_partition(site: Site) -> None:
    for place in ("/var/lib/kiosk", "/opt/kiosk", "/var/lib/systemd/timesync"):
        seen = site.container.run("findmnt", "-no", "SOURCE,FSTYPE,OPTIONS", place).stdout
        assert str(site.container.disk) in seen
        assert {"rw", "noatime", "nodev", "nosuid"} <= set(seen.split()[-1].split(",")), seen


def test_nothing_swaps_to_the_card(site: Site) -> None:
    assert site.container.run("grep", "-c", "swap", "/etc/fstab", check=False).stdout == "0\n"
    of_12 = [site.container.property("dphys-swapfile.service", name) for name in ("LoadState", "ActiveState")]
    assert of_12 == ["masked", "inactive"]
    assert "\nMechanism=zram\n" in site.container.run("cat", "/etc/rpi/swap.conf.d/90-kiosk.conf").stdout


def test_a_partition_is_never_laid_over_records_that_lie_elsewhere(site: Site) -> None:
    mounts = ["var-lib-kiosk.mount", "opt-kiosk.mount", "var-lib-systemd-timesync.mount", "data.mount"]
    site.container.run("systemctl", "stop", "kiosk.service")
    site.container.run("systemctl", "stop", *mounts)
    site.container.run("sh", "-c", "mkdir -p /var/lib/kiosk && echo records >/var/lib/kiosk/kiosk.db")
    refused = site.desk.play("site.yml", "--tags", "storage", check=False)
    kept = site.container.run("cat", "/var/lib/kiosk/kiosk.db").stdout
    site.container.run("rm", "/var/lib/kiosk/kiosk.db")
    site.container.run("systemctl", "start", *mounts, "kiosk.service")
    assert (refused.failed, kept) == (1, "records\n")
    assert "would hide the records" in " ".join(refused.text.split())


def test_with_a_root_that_is_only_read_a_pulled_plug_takes_everything_but_the_records(site: Site) -> None:
    site.desk.play("site.yml", "--tags", "storage", storage_read_only_root=True)
    configured = site.container.run("sh", "-c", ". /etc/overlayroot.conf && echo $overlayroot").stdout
    assert configured == "tmpfs:recurse=0\n"
    assert site.container.run("dpkg-query", "-Wf", "${Status}", "overlayroot").stdout == "install ok installed"
    site.desk.play("site.yml", "--tags", "hardening", storage_read_only_root=True)
    told = site.container.run("apt-config", "dump").stdout
    assert [each for each in ('Update-Package-Lists "0"', 'Unattended-Upgrade "0"') if each not in told] == []
    identity = site.container.run("sha256sum", "/var/lib/kiosk/identity.json").stdout
    # From here on as overlayroot's own first steps in a Pi's initial RAM disk leave it: the root below, memory above.
    site.container.pull_the_plug()
    site.container.start(read_only=True)
    assert site.container.run("findmnt", "-no", "FSTYPE", "/").stdout == "overlay\n"
    site.register.stop()
    site.at_desk.use_a_card()
    before = site.at_desk.uses()
    refused = site.desk.play("site.yml", "--tags", "kiosk", check=False)
    assert (refused.failed, refused.changed) == (1, 0)
    assert "would be gone at the next start" in " ".join(refused.text.split())
    site.container.run("touch", MARK)
    site.container.run("sh", "-c", "echo the plug sparks | systemd-cat --priority=warning")
    site.container.run("systemctl", "start", "kiosk-log-tail.service")
    site.container.pull_the_plug()
    site.container.start(read_only=True)
    site.at_desk.until_it_serves()
    assert site.at_desk.uses() == before
    assert site.container.run("sha256sum", "/var/lib/kiosk/identity.json").stdout == identity
    assert site.container.run("test", "-e", MARK, check=False).returncode == 1
    assert "the plug sparks" in site.container.run("cat", "/data/log/kiosk-tail.log").stdout
    site.register.start()
    site.at_desk.until_delivered()
    assert set(before) <= {use["id"] for use in site.register.uses()}
    failed = site.container.run("systemctl", "--failed", "--plain", "--no-legend").stdout
    assert [line for line in failed.splitlines() if "kiosk" in line] == []
    site.container.pull_the_plug()
    site.container.start()
    site.at_desk.until_it_serves()
    site.desk.play("site.yml", "--tags", "storage")
    opened = site.container.run("sh", "-c", ". /etc/overlayroot.conf && echo $overlayroot").stdout
    assert opened == "\n"
