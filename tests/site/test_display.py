"""The kiosk's own screen: what it shows, how it lies, when it is lit; no key and no address leads elsewhere.

A container has no screen, so the compositor draws into memory; everything else is the unit as it was laid down.
"""

import shutil
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.site.conftest import Site
from tests.site.playbook import ROOT

SCREEN = "kiosk-screen.service"
USER = "kiosk-screen"
MANY_COLOURS = 30
KEYS = (
    "-M ctrl -k h", "-M ctrl -k j", "-M ctrl -k n", "-M ctrl -k t", "-M ctrl -k o", "-M ctrl -k p", "-M ctrl -k u",
    "-M ctrl -M shift -k o", "-M ctrl -M shift -k Delete", "-M ctrl -M shift -k i", "-M shift -k Escape", "-k F12",
    "-M alt -k F4", "-M ctrl -M shift -k q", "-M ctrl -k w", "-k Menu", "-M shift -k F10",
)  # fmt: skip
"""With which Chromium shows something of its own over the page, or closes it; as wtype presses them."""
POLICY = "/etc/chromium/policies/managed/kiosk.json"
PAGE = "http://127.0.0.1:8080/"
INTO_MEMORY = """[Unit]
ConditionPathExists=
[Service]
StandardInput=null
TTYPath=/dev/null
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1
"""
WANTED: dict[str, Any] = {
    "display_enabled": True, "display_rotation": "90", "display_on_at": "08:30", "display_off_at": "21:15",
    "display_touch_matrix": "0 1 0 -1 0 1",
}  # fmt: skip
SYSTEM = "/etc/systemd/system"
MOUNTS = ["data.mount", "opt-kiosk.mount", r"srv-kiosk\x2dcopies.mount", "tmp.mount", "var-lib-kiosk.mount"]
OF_DEBIAN = ["apt-daily.timer", "apt-daily-upgrade.timer"]
"""Beside which the playbook lays hours."""


@pytest.fixture(scope="module")
def with_screen(site: Site) -> Site:
    """The kiosk, once the role has given it a screen."""
    site.desk.play("site.yml", "--tags", "display", **WANTED)
    return site


def dumped(site: Site, url: str) -> str:
    """What the browser makes of `url`, under the rules that it finds on this machine."""
    words = ["chromium", "--headless", "--disable-gpu", "--dump-dom", "--user-data-dir=/tmp/looked", url]
    shown = ["runuser", "-u", USER, "--", "env", "HOME=/tmp", "timeout", "60", *words]
    return site.container.run(*shown, check=False, limit_s=90).stdout


def at_the_screen(site: Site, command: str) -> bool:
    """Whether `command` succeeded as a program of the screen's own user."""
    # Of the compositors one counts its sockets from 0, the other from 1.
    there = f"export XDG_RUNTIME_DIR=/run/user/$(id -u {USER}); cd $XDG_RUNTIME_DIR"
    words = f"{there}; export WAYLAND_DISPLAY=$(ls wayland-? | tail -n 1); {command}"
    return site.container.run("runuser", "-u", USER, "--", "sh", "-c", words, check=False).returncode == 0


def picture(site: Site) -> tuple[int, int, int]:
    """Width and height of what is on the screen, and of how many different bytes it is made."""
    if not at_the_screen(site, "grim /tmp/seen.png"):
        return 0, 0, 0  # the compositor is not that far yet
    data = bytes.fromhex(site.container.run("xxd", "-p", "/tmp/seen.png").stdout.replace("\n", ""))
    width, height = struct.unpack(">II", data[16:24])
    content, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        content += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    return width, height, len(set(zlib.decompress(content)))


def test_a_second_run_changes_nothing(with_screen: Site) -> None:
    again = with_screen.desk.play("site.yml", "--tags", "display", **WANTED)
    assert again.changed == 0, again.text[-4000:]


def test_this_systemd_understands_every_unit_that_a_kiosk_may_have(with_screen: Site) -> None:
    """Each by its path, as it was laid down, with what lies beside it."""
    container, ours = with_screen.container, ROOT / "systemd"
    beside = container.root / SYSTEM.lstrip("/") / "kiosk.service.d"
    # What this kiosk's configuration does not name: camera, serial line, tones, voice.
    further = [part for part in (ours / "optional").iterdir() if not (beside / part.name).exists()]
    further = [part for part in further if part.name != "restart-steps.conf"]  # for a newer systemd
    beside.mkdir(exist_ok=True)
    for part in further:
        shutil.copy(part, beside)
    units = [f"{SYSTEM}/{path.name}" for path in sorted(ours.iterdir()) if path.suffix in {".service", ".timer"}]
    mounts = [f"{SYSTEM}/{name}" for name in MOUNTS if name != "tmp.mount" or with_screen.container.suite == "bookworm"]
    debians = [f"/usr/lib/systemd/system/{name}" for name in OF_DEBIAN]
    verify = ("systemd-analyze", "verify", "--recursive-errors=one", "--man=no", *units, *mounts, *debians)
    verified = container.run(*verify, check=False)
    with (beside / further[0].name).open("a", encoding="ascii") as spoiling:
        spoiling.write("NoSuchWord=yes\n")
    spoilt = container.run(*verify, check=False)
    for part in further:
        (beside / part.name).unlink()
    assert (verified.stdout + verified.stderr, verified.returncode) == ("", 0)
    assert "NoSuchWord" in spoilt.stderr, "what lies beside a unit was not read"


def test_touch_is_turned_by_a_rule_that_udev_reads(with_screen: Site) -> None:
    rules = "/etc/udev/rules.d/61-kiosk-touch.rules"
    (rule,) = [line for line in with_screen.container.run("cat", rules).stdout.splitlines() if not line.startswith("#")]
    assert rule.split(", ") == [
        'SUBSYSTEM=="input"',
        'ENV{ID_INPUT_TOUCHSCREEN}=="1"',
        'ENV{LIBINPUT_CALIBRATION_MATRIX}="0 1 0 -1 0 1"',
    ]
    if int(with_screen.container.run("udevadm", "--version").stdout) >= 254:  # older ones cannot verify
        with_screen.container.run("udevadm", "verify", "--no-style", rules)


def test_it_is_lit_and_dark_by_the_hours_of_the_inventory(with_screen: Site) -> None:
    for timer, at in (("kiosk-screen-on.timer", "08:30:00"), ("kiosk-screen-off.timer", "21:15:00")):
        assert f" {at} " in with_screen.container.property(timer, "NextElapseUSecRealtime")
        assert with_screen.container.property(timer, "UnitFileState") == "enabled"


def test_the_browser_shows_the_kiosks_page_and_no_other(with_screen: Site) -> None:
    site = with_screen
    site.container.run("cp", "-a", POLICY, "/tmp/policy")
    # Two of the rules forbid what is done here, too: to look into the browser from outside, by a page of its own.
    site.container.run("sed", "-i", r'/DeveloperToolsAvailability/d; s|, "chrome://\*"||', POLICY)
    page, other = dumped(site, PAGE), dumped(site, "file:///etc/passwd")
    site.container.run("rm", POLICY)
    other_without = dumped(site, "file:///etc/passwd")
    site.container.run("mv", "/tmp/policy", POLICY)
    assert ("<main" in page, "root:" in other, "root:" in other_without) == (True, False, True)


@pytest.fixture(scope="module")
def lit(with_screen: Site) -> Iterator[Site]:
    """The kiosk whose page is on the screen, in memory."""
    site = with_screen
    folder = f"/run/systemd/system/{SCREEN}.d"
    looks = ("grim", "procps", "wtype", "xxd")
    site.container.run("apt-get", "install", "-qy", "--no-install-recommends", *looks, limit_s=300)
    site.container.run("sh", "-c", f"mkdir {folder} && echo '{INTO_MEMORY}' >{folder}/into-memory.conf")
    site.container.run("systemctl", "daemon-reload")
    site.container.run("systemctl", "restart", SCREEN)
    until_shown(site)
    yield site
    site.container.run("systemctl", "stop", SCREEN)
    site.container.run("rm", "-r", folder)
    site.container.run("systemctl", "daemon-reload")


def test_no_key_leaves_the_page(lit: Site) -> None:
    before = shown(lit)
    for key in KEYS:
        press(lit, key)
        assert shown(lit) == before, key
    framed = before
    for _ in range(5):
        press(lit, "-k Tab")
        if (framed := shown(lit)) != before:
            break
    assert framed[0] != before[0], "no key came to the page"
    assert framed[1:] == before[1:]


def test_the_page_is_on_the_screen_turned_and_goes_dark_and_comes_back(lit: Site) -> None:
    site = lit
    site.container.run("systemctl", "start", "kiosk-screen-off.service")
    assert site.container.property(SCREEN, "ActiveState") == "inactive"
    site.container.run("systemctl", "start", "kiosk-screen-on.service")
    until_shown(site)
    assert site.container.property(SCREEN, "NRestarts") == "0"
    # The browser crashes: the page is there again, and no bubble, for its profile is made anew.
    site.container.run("pkill", "-KILL", "-u", USER, "chromium")
    site.container.until("another start", "sh", "-c", f"[ $(systemctl show -P NRestarts {SCREEN}) -gt 0 ]")
    until_shown(site)


def press(site: Site, key: str) -> None:
    """Press it as soon as the browser has taken note that there is a keyboard."""
    assert at_the_screen(site, f"wtype -k Shift_L -s 500 {key} -s 500"), key


def shown(site: Site) -> tuple[str, str, str]:
    """What is on the screen, how many pages the browser has drawn somewhere, and which browser it is; at rest."""
    look = f"sha256sum </tmp/seen.png; pgrep -u {USER} -fc type=renderer; pgrep -u {USER} -ox chromium"
    before: list[str] = []
    for _ in range(40):
        at_the_screen(site, "sleep 0.7; grim /tmp/seen.png")
        now = site.container.run("sh", "-c", look, check=False).stdout.split("\n")
        if now == before:
            break
        before = now
    screen, pages, browser = before[:3]
    return screen, pages, browser


def until_shown(site: Site) -> None:
    """Wait for a page that asks the kiosk for its news; then it must be seen, upright on a screen that is turned."""
    site.container.until(
        "a browser that listens to the desk", "sh", "-c",
        f"pgrep -u {USER} 'cage|sway' && ss -Htn state established dport = :8080 | grep -q .",
    )  # fmt: skip
    seen: tuple[int, int, int] = (0, 0, 0)
    for _ in range(40):
        seen = picture(site)
        if seen[2] > MANY_COLOURS:
            break
        site.container.run("sleep", "0.5")
    assert seen[:2] == (720, 1280)
    assert seen[2] > MANY_COLOURS, "one colour is no page"
