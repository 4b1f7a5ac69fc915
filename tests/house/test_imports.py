"""The kiosk can be imported on a machine without any of its hardware libraries."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import importlib, pkgutil, sys
missing = {"evdev", "gpiozero", "lgpio", "picamera2", "pyudev", "pyzbar", "systemd"}
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import kiosk
names = [module.name for module in pkgutil.walk_packages(kiosk.__path__, "kiosk.") if module.name != "kiosk.__main__"]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def test_every_module_imports_without_hardware_libraries() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def test_a_kiosk_without_a_camera_does_not_pay_for_the_cameras_libraries() -> None:
    # numpy is not among them: sqlite-utils takes it up wherever it is installed.
    program = "import sys, kiosk.cli, kiosk.wiring; print(sorted({'PIL', 'zxingcpp'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
