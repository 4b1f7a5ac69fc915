"""A real speech-dispatcher, started by its own client as on a kiosk, with a module that lets a test hear."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from pathlib import Path

MODULE = "ears"
LANGUAGES = ("fi", "sv", "en")
END_LIMIT_S = 10
LEFT_ALONE_S = 60
"""Then it ends, and what speaks with it: far later than any test waits for a silence."""
SERVER = f"""
LogLevel 3
Timeout {LEFT_ALONE_S}
AudioOutputMethod "alsa"
AudioALSADevice "null"
AddModule "{MODULE}" "sd_generic" "{MODULE}.conf"
DefaultModule "{MODULE}"
"""


class Dispatcher:
    """Guards a dispatcher of its own: its settings, its socket, and its end."""

    def __init__(self, folder: Path, program: Path) -> None:
        """Let `program` be run with language and words whenever something is to be said; `environment` leads to it."""
        self._runtime = folder / "runtime"
        self._runtime.mkdir(mode=0o700)
        settings = folder / "settings" / "speech-dispatcher"
        (settings / "modules").mkdir(parents=True)
        (settings / "speechd.conf").write_text(SERVER, encoding="utf-8")
        lines = [
            f"GenericExecuteSynth \"{program} $LANGUAGE \\'$DATA\\'\"",
            *(f'GenericLanguage "{language}" "{language}" "utf-8"' for language in LANGUAGES),
            *(f'AddVoice "{language}" "MALE1" "{language}"' for language in LANGUAGES),
        ]
        (settings / "modules" / f"{MODULE}.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.environment = {"XDG_RUNTIME_DIR": str(self._runtime), "XDG_CONFIG_HOME": str(settings.parent)}

    def log(self) -> str:
        """What it wrote of itself, for whoever looks why a test failed."""
        return "".join(
            file.read_text(encoding="utf-8", errors="replace")
            for file in sorted((self._runtime / "speech-dispatcher").rglob("*.log"))
        )

    def close(self) -> None:
        """End it as systemd does; what it runs ends by itself then."""
        for file in (self._runtime / "speech-dispatcher" / "pid").glob("*.pid"):
            with contextlib.suppress(ProcessLookupError):
                ended = os.pidfd_open(int(file.read_text(encoding="ascii")))
                signal.pidfd_send_signal(ended, signal.SIGKILL)
                assert select.select([ended], [], [], END_LIMIT_S)[0], "speech-dispatcher did not end"
                os.close(ended)
