"""Enrolling: the token is seen nowhere, and what is enrolled already is left alone."""

from tests.site.conftest import Site


def test_the_token_is_in_no_output_and_in_no_file(site: Site) -> None:
    assert site.enrolled.changed > 0
    assert site.token not in site.enrolled.text
    where = ["/boot", "/etc", "/home", "/opt/kiosk", "/root", "/run", "/srv", "/tmp", "/var"]  # the kiosk's whole disk
    found = site.container.run("grep", "-rlsF", "--devices=skip", site.token, *where, check=False)
    assert found.stdout == ""


def test_the_key_is_the_kiosks_alone_and_the_credential_is_gone(site: Site) -> None:
    seen = site.container.run("stat", "-c", "%U %a", "/var/lib/kiosk", "/var/lib/kiosk/identity.json").stdout
    assert seen == "kiosk 700\nkiosk 600\n"
    assert site.container.run("ls", "-A", "/etc/credstore.encrypted").stdout == ""


def test_a_kiosk_that_is_enrolled_needs_no_token_and_is_left_alone(site: Site) -> None:
    before = site.container.property("kiosk.service", "MainPID")
    again = site.desk.play("enrol.yml")
    assert (again.changed, site.container.property("kiosk.service", "MainPID")) == (0, before)
