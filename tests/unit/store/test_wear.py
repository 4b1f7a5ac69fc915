"""What a disk tells of itself."""

import os
from pathlib import Path

import pytest

from kiosk.store.wear import Wear, wear_of


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A /sys in which this test's folder lies on the first partition of a card."""
    number = tmp_path.stat().st_dev
    sysfs = tmp_path / "sys"
    partition = sysfs / "devices" / "mmc0" / "block" / "mmcblk0" / "mmcblk0p1"
    partition.mkdir(parents=True)
    (sysfs / "dev" / "block").mkdir(parents=True)
    (sysfs / "dev" / "block" / f"{os.major(number)}:{os.minor(number)}").symlink_to(partition)
    return sysfs


def test_ext4_tells_of_errors_and_writes_and_the_medium_of_its_life(tmp_path: Path, disk: Path) -> None:
    ext4 = disk / "fs" / "ext4" / "mmcblk0p1"
    ext4.mkdir(parents=True)
    (ext4 / "errors_count").write_text("3\n")
    (ext4 / "lifetime_write_kbytes").write_text("123456\n")
    card = disk / "devices" / "mmc0" / "block" / "mmcblk0" / "device"
    card.mkdir()
    (card / "life_time").write_text("0x02 0x0a\n")
    told = wear_of(tmp_path, disk)
    assert told == Wear(told.free_bytes, errors=3, written_kib=123456, life_used_tenths=10)


def test_a_disk_that_tells_nothing_is_no_error(tmp_path: Path, disk: Path) -> None:
    told = wear_of(tmp_path, disk)
    assert told == Wear(told.free_bytes, errors=None, written_kib=None, life_used_tenths=None)
    assert told.free_bytes > 0
