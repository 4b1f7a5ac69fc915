"""The Pi's own camera without a Pi: picamera2 on libcamera's virtual camera, which shows a picture of a card."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from kiosk.demo.card_pictures import draw_cards
from tests.booted.disk import CONFIG, SCANNER, Kind
from tests.site.container import Container
from tests.site.playbook import ROOT

NUMBER = 1051
SUITE, PYTHON = "trixie", "3.13"
INTERPRETER = ROOT / ".venv" / PYTHON / "bin" / "python"
"""That system's, to make what it has no package of: one of them is compiled."""
LIBCAMERA = "python3-libcamera", "libcamera-ipa"
"""Of the backports: the first with a virtual camera."""
NEEDED = (
    "python3-av", "python3-jsonschema", "python3-libarchive-c", "python3-piexif", "python3-pil",
    "python3-prctl", "python3-tqdm",
)  # fmt: skip
PICTURES = "/opt/pictures"
CAMERA = f"""%YAML 1.1
---
"Kiosk":
  supported_formats:
  - width: 1280
    height: 720
    frame_rates: [30, 30]
  frames:
    path: "{PICTURES}/"
  location: "CameraLocationFront"
  model: "Virtual"
"""
# picamera2 lists the raw modes of a sensor, and takes memory that a Pi has. This camera has no sensor, and own memory.
VIRTUAL = """

def _virtual(self, *words, **more):
    _real(self, *words, **more)
    from picamera2.allocators import LibcameraAllocator
    self.allocator = LibcameraAllocator(self.camera)

_real, Picamera2.__init__ = Picamera2.__init__, _virtual
Picamera2._get_raw_modes = lambda self: [{"format": "NV12", "size": (1280, 720)}]
"""
DISPLAYS = """
class _Nothing:
    def __getattr__(self, name): return name
    def __call__(self, *words, **more): raise RuntimeError("no displays here")
PixelFormat = _Nothing()
Card = ResourceManager = DumbFramebuffer = DmabufFramebuffer = AtomicReq = _Nothing()
"""
HEAPS = 'SUBSYSTEM=="dma_heap", GROUP="video", MODE="0660"\n'  # as Raspberry Pi OS has it


def lay_the_camera(container: Container) -> None:
    """What Raspberry Pi OS has and Debian has not, and a card before the lens."""
    etc, packages = container.root / "etc", container.root / "usr/local/lib" / f"python{PYTHON}" / "dist-packages"
    backports = f"deb http://deb.debian.org/debian {SUITE}-backports main\n"
    (etc / "apt/sources.list.d/backports.list").write_text(backports, encoding="ascii")
    container.run("apt-get", "update", "-q", limit_s=300)
    install = ("apt-get", "install", "-qy", "--no-install-recommends")
    container.run(*install, *NEEDED, limit_s=600)
    container.run(*install, "-t", f"{SUITE}-backports", *LIBCAMERA, limit_s=600)
    pip = str(INTERPRETER), "-m", "pip", "install", "-q", "--no-deps", "--target", str(packages)
    subprocess.run([*pip, "-r", Path(__file__).with_name("picamera.txt")], check=True, timeout=600)
    with (packages / "picamera2" / "__init__.py").open("a", encoding="utf-8") as module:
        module.write(VIRTUAL)
    (packages / "pykms.py").write_text(DISPLAYS, encoding="utf-8")
    (etc / "udev/rules.d/99-heaps.rules").write_text(HEAPS, encoding="ascii")
    (container.root / "usr/share/libcamera/pipeline/virtual").mkdir(parents=True, exist_ok=True)
    (container.root / "usr/share/libcamera/pipeline/virtual/virtual.yaml").write_text(CAMERA, encoding="ascii")
    _lay_the_card(container.root / PICTURES.lstrip("/"))


def _lay_the_card(folder: Path) -> None:
    folder.mkdir()
    with tempfile.TemporaryDirectory() as drawn:
        draw_cards([f"DEMO{NUMBER:05}LISA"], Path(drawn))
        (picture,) = Path(drawn).iterdir()
        Image.open(picture).convert("RGB").save(folder / "0.jpg", quality=95)


WITH_CAMERA = Kind(
    "camera", SUITE, {**CONFIG, "scanner": [SCANNER, {"kind": "camera", "path": "picamera"}]}, lay_the_camera
)
