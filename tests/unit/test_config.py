"""The configuration: every problem at once, in words."""

import os
from pathlib import Path

import pytest

from kiosk.config import SETTINGS, Config, load, parse, token_file
from kiosk.errors import ConfigError
from kiosk.fitting import button_pins, lamp_pins
from kiosk.sections_devices import ScannerSection


def problems(document: dict[str, object]) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(document)
    return caught.value.problems


def test_an_empty_file_is_all_defaults() -> None:
    assert parse({}) == Config()


def test_every_problem_is_told_at_once_with_what_was_meant() -> None:
    assert problems(
        {
            "scren": {},
            "screen": {"prot": 1, "port": "x"},
            "kiosk": {"language": "fin", "time_zone": "Europe/Helsinky"},
            "lamps": {"kind": "gpio", "red_pin": 3, "green_pin": 3},
            "scanner": [{"kind": "hid"}, {"kind": "lines"}, {"kind": "serial", "baud": 9601}],
        }
    ) == (
        "[scren] is not a part of the configuration. Did you mean “screen”?",
        "kiosk.language: 'fin' will not do; it must be one of fi, sv, en. Did you mean “fi”?.",
        "kiosk.time_zone: 'Europe/Helsinky' will not do; it must be a time zone such as Europe/Helsinki.",
        "screen.prot is not a setting. Did you mean “port”?",
        "screen.port: 'x' will not do; it must be a whole number from 0 to 65535.",
        "scanner.baud: 9601 will not do; it must be one of 9600, 19200, 38400, 57600, 115200.",
        'scanner: a scanner of kind "hid" needs a path, a name, or vendor and product.',
        'scanner.path is missing: a scanner of kind "lines" needs a file, a FIFO or "-".',
        'scanner.path is missing: a scanner of kind "serial" needs its line, such as /dev/serial/by-id/usb-….',
        "lamps.green_pin and lamps.red_pin are both on GPIO 3.",
    )


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("register", "url", "ftp://register.example"),
        ("register", "url", "https://user:secret@register.example"),
        ("register", "url", "https://"),
        ("register", "timeout_s", True),
        ("screen", "port", 65_536),
        ("screen", "allowed_hosts", "one"),
        ("numbers", "form", "["),
        ("numbers", "form", "(" * 3000),
        ("numbers", "form", "a{99999999999999999999}"),
        ("numbers", "link_hosts", ["kortti.example\0"]),
        ("kiosk", "name", "door\0"),
        ("gpio", "chip", "/dev/gpiochip0\0"),
        ("lamps", "active_high", "yes"),
        ("kiosk", "name", " "),
        ("lamps", "red_pin", True),
        ("lamps", "red_pin", 28),
        ("sound", "night_from", "24:00"),
        ("sound", "night_from", 21),
        ("sound", "volume", 101),
    ],
)
def test_a_value_that_will_not_do_is_one_sentence(section: str, name: str, value: object) -> None:
    (problem,) = problems({section: {name: value}})
    assert problem.startswith(f"{section}.{name}: ")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        pytest.param(
            {"lamps": {"kind": "gpio"}, "buttons": {"kind": "gpio", "confirm_pin": 18}},
            "buttons.confirm_pin and lamps.buzzer_pin are both on GPIO 18.",
            id="a button on the buzzer's pin",
        ),
        pytest.param(
            {"lamps": {"kind": "gpio", "colours": "rgb", "blue_pin": False}},
            "lamps: a lamp of all colours needs red_pin, green_pin and blue_pin.",
            id="a colour is missing",
        ),
        pytest.param(
            {"lamps": {"kind": "gpio", "buzzer": "tones", "buzzer_pin": 4}},
            "lamps.buzzer_pin: a buzzer with tones must be on GPIO 12, 13, 18, 19.",
            id="tones where there is no PWM",
        ),
        pytest.param(
            {"lamps": {"kind": "gpio", "buzzer": "tones", "buzzer_active_high": False}},
            "lamps.buzzer_active_high: tones end on a low level, so a low level must be silence.",
            id="tones that never end",
        ),
        pytest.param(
            {"scanner": [{"path": "/dev/input/event4"}, {"kind": "serial", "path": "/dev/input/event4"}]},
            "scanner: two scanners are at /dev/input/event4.",
            id="two scanners in one place",
        ),
        pytest.param(
            {"scanner": [{"kind": "camera", "path": "picamera2"}]},
            "scanner.path: there is no camera “picamera2”. Did you mean “picamera”?",
            id="the library instead of the camera",
        ),
        pytest.param(
            {"sound": {"night_from": "21:00"}}, "sound: a night needs both night_from and night_to.", id="half a night"
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_said(document: dict[str, object], problem: str) -> None:
    assert problems(document) == (problem,)


def test_a_text_with_nul_and_an_expression_that_is_too_deep_are_said_in_words() -> None:
    too_deep = "a regular expression (its parentheses lie too deep in each other)"
    assert problems({"scanner": [{"kind": "lines", "path": "a\0b"}], "numbers": {"form": "(" * 3000}}) == (
        f"numbers.form: '{'(' * 58}… will not do; it must be {too_deep}.",
        "scanner.path: 'a\\x00b' will not do; it must be a text without the character NUL (\\u0000).",
        'scanner.path is missing: a scanner of kind "lines" needs a file, a FIFO or "-".',
    )


def test_a_file_of_lists_in_lists_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(f"a = {'[' * 5000}", encoding="utf-8")
    with pytest.raises(ConfigError, match="is not valid TOML"):
        load(file)


@pytest.mark.parametrize("path", ["picamera", "/dev/video0", "pictures", "camera/picamera2", "./picamera2"])
def test_a_path_of_a_camera_that_may_be_meant_is_taken(path: str) -> None:
    assert parse({"scanner": [{"kind": "camera", "path": path}]}).scanners[0].path == path


def test_pins_that_nothing_drives_may_be_the_same() -> None:
    lamps = {"kind": "gpio", "colours": "rgb", "amber_pin": 17}
    assert lamp_pins(parse({"lamps": lamps}).lamps) == {
        "red_pin": 17,
        "green_pin": 22,
        "blue_pin": 24,
        "buzzer_pin": 18,
    }


def test_false_takes_a_part_away() -> None:
    config = parse({"lamps": {"kind": "gpio", "heard_pin": False}, "buttons": {"kind": "gpio", "cancel_pin": False}})
    assert lamp_pins(config.lamps) == {"red_pin": 17, "amber_pin": 27, "green_pin": 22, "buzzer_pin": 18}
    assert button_pins(config.buttons) == {"confirm_pin": 5}


def test_nothing_is_driven_and_nothing_listened_to_until_the_configuration_says_so() -> None:
    assert (lamp_pins(Config().lamps), button_pins(Config().buttons)) == ({}, {})


def test_a_table_where_a_list_belongs_is_said() -> None:
    assert problems({"scanner": {"kind": "lines"}}) == ("scanner must be a list: write [[scanner]] with two brackets.",)
    assert problems({"screen": 5}) == ("[screen] must be a table of settings, not 5.",)


def test_a_file_becomes_frozen_values(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[register]\nurl = "https://register.example/"\n[[scanner]]\nkind = "lines"\npath = "-"\n')
    config = load(file)
    assert config.register.url == "https://register.example"
    assert config.scanners == (ScannerSection(kind="lines", path="-"),)


def test_files_that_cannot_be_used_are_said(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[kiosk\n")
    for name, words in (("missing.toml", "There is no configuration file"), ("broken.toml", "is not valid TOML")):
        with pytest.raises(ConfigError, match=words):
            load(tmp_path / name)


def test_systemds_credential_comes_before_the_configured_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = parse({"register": {"token_file": "/etc/kiosk/token"}})
    assert token_file(config) == Path("/etc/kiosk/token")
    (tmp_path / "enrolment-token").touch()
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", os.fspath(tmp_path))
    assert token_file(config) == tmp_path / "enrolment-token"


def test_every_setting_is_explained_in_a_sentence() -> None:
    assert [each.name for each in SETTINGS if not each.explanation.endswith(".")] == []
