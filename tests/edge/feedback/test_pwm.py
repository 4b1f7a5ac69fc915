"""Tones through the kernel's PWM files; a folder stands for sysfs, and keeps what was written in which order."""

import codecs
import os
import tempfile
from pathlib import Path

import pytest

from kiosk.feedback.pwm import PAUSE_S, PwmChannel, find_channel


@pytest.fixture
def sysfs(tmp_path: Path) -> Path:
    for chip, name, channels in (("pwmchip0", "raspberrypi,rp1-pwm", 4), ("pwmchip4", "brcm,other", 2)):
        node = tmp_path / chip / "device" / "of_node"
        node.mkdir(parents=True)
        (node / "compatible").write_bytes(name.encode() + b"\0")
        for channel in range(channels):
            (tmp_path / chip / f"pwm{channel}").mkdir()
    (tmp_path / "pwmchip9").mkdir()  # a chip that the device tree does not know
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


@pytest.mark.parametrize(
    ("gpio", "folder"), [(12, "pwmchip0/pwm0"), (13, "pwmchip0/pwm1"), (18, "pwmchip0/pwm2"), (19, "pwmchip0/pwm3")]
)
def test_each_pin_of_a_pi_5_has_its_channel(sysfs: Path, gpio: int, folder: str) -> None:
    channel = find_channel(gpio, sysfs)
    assert channel is not None
    channel.tune(1000)
    channel.play(0.25)
    assert files(sysfs / folder) == {"period": "1000000", "duty_cycle": "250000", "enable": "1"}


def test_another_pin_has_none(sysfs: Path) -> None:
    assert find_channel(17, sysfs) is None


def test_a_machine_without_pwm_has_none(tmp_path: Path) -> None:
    assert find_channel(18, tmp_path) is None


def test_a_new_tone_begins_in_silence_since_the_kernel_takes_no_period_shorter_than_the_duty(sysfs: Path) -> None:
    channel = find_channel(18, sysfs)
    assert channel is not None
    channel.tune(440)
    channel.play(0.5)
    channel.tune(1760)
    assert files(sysfs / "pwmchip0" / "pwm2") == {"period": "568182", "duty_cycle": "0", "enable": "1"}
    assert channel.frequency_hz == pytest.approx(1760, rel=1e-5)


def test_a_channel_is_asked_for_when_it_is_not_there_yet(sysfs: Path) -> None:
    folder = sysfs / "pwmchip0" / "pwm2"
    folder.rmdir()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:  # the kernel makes it
            folder.mkdir()

    channel = find_channel(18, sysfs, pause=pause)
    assert channel is not None
    channel.tune(440)
    channel.tune(1000)
    assert (sysfs / "pwmchip0" / "export").read_text() == "2"
    assert pauses == [PAUSE_S] * 3
    assert files(folder) == {"period": "1000000", "duty_cycle": "0", "enable": "1"}


def test_a_channel_that_never_comes_is_waited_for_half_a_second_and_said(sysfs: Path) -> None:
    (sysfs / "pwmchip0" / "pwm2").rmdir()
    pauses: list[float] = []
    channel = find_channel(18, sysfs, pause=pauses.append)
    assert channel is not None
    with pytest.raises(FileNotFoundError):
        channel.tune(440)
    assert sum(pauses) == pytest.approx(0.5)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_files_that_udev_gives_to_the_group_only_a_moment_later_are_waited_for() -> None:
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        chip = Path(name) / "pwmchip0"
        (chip / "pwm2").mkdir(parents=True)
        for file in (chip / "export", *(chip / "pwm2" / each for each in ("period", "duty_cycle", "enable"))):
            file.touch(mode=0o644)
        (chip / "export").chmod(0o666)
        exported = chip / "pwm2"
        hidden = exported.rename(chip / "not exported yet")
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            os.seteuid(0)
            if len(pauses) == 1:  # the kernel
                hidden.rename(exported)
            if len(pauses) == 3:  # udev
                for file in exported.iterdir():
                    file.chmod(0o666)
            os.seteuid(65_534)

        codecs.lookup("ascii")  # which another user may not be able to import from this Python
        os.seteuid(65_534)
        try:
            PwmChannel(chip, 2, pause=pause).tune(1000)
        finally:
            os.seteuid(0)
        assert len(pauses) == 3
        assert files(exported) == {"period": "1000000", "duty_cycle": "0", "enable": "1"}


def test_a_channel_that_another_program_made_is_not_waited_for(sysfs: Path) -> None:
    pauses: list[float] = []
    channel = find_channel(18, sysfs, pause=pauses.append)
    assert channel is not None
    channel.tune(440)
    assert pauses == []


def test_a_closed_channel_is_silent(sysfs: Path) -> None:
    channel = find_channel(18, sysfs)
    assert channel is not None
    channel.tune(440)
    channel.play(0.5)
    channel.close()
    channel.close()
    written = files(sysfs / "pwmchip0" / "pwm2")
    assert (written["duty_cycle"], written["enable"], channel.frequency_hz) == ("0", "0", None)
