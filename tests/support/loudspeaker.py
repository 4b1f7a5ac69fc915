"""A loudspeaker that is a pipe: what real espeak-ng says comes out here, sample by sample, and at no sound card."""

from __future__ import annotations

import array
import asyncio
import fcntl
import os
import subprocess
import wave
from pathlib import Path

# The same words to the same program; it stays the same process, so that who stops it stops the voice.
PROGRAM = """#!/bin/sh
exec espeak-ng --stdout "$@" >{pipe}
"""
HEADER = 44
"""Bytes before the samples."""
SMALL = 4096
"""Bytes that the pipe holds while nobody listens: a tenth of a second, and far less than any sentence."""
LOUD = 1000
"""Of 32767: what is below it nobody hears beside a queue of people."""
LIMIT_S = 20


class Loudspeaker:
    """Guards the listening end; while it is `held`, whoever plays must wait in the middle of a sentence."""

    def __init__(self, folder: Path) -> None:
        """Listen; `program` takes the place of espeak-ng."""
        pipe, self.program = folder / "sound", folder / "espeak-ng"
        os.mkfifo(pipe)
        self.program.write_text(PROGRAM.format(pipe=pipe), encoding="utf-8")
        self.program.chmod(0o755)
        self._heard = bytearray()
        self._end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        fcntl.fcntl(self._end, fcntl.F_SETPIPE_SZ, SMALL)
        self.let_go()

    def hold(self) -> None:
        """Take no further sound: whoever plays stands still once the pipe is full."""
        asyncio.get_running_loop().remove_reader(self._end)

    def let_go(self) -> None:
        """Listen."""
        asyncio.get_running_loop().add_reader(self._end, self._read)

    async def until_playing(self) -> None:
        """Return when somebody has begun to speak while it is held."""
        playing = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._end, playing.set)
        await asyncio.wait_for(playing.wait(), LIMIT_S)
        self.hold()

    def sentences(self) -> list[bytes]:
        """The samples of each sentence that was begun, all that lies in the pipe included."""
        while self._read():
            pass
        return [sound[HEADER - len("RIFF") :] for sound in bytes(self._heard).split(b"RIFF")[1:]]

    def close(self) -> None:
        """Listen no more."""
        self.hold()
        os.close(self._end)

    def _read(self) -> bool:
        try:
            self._heard += os.read(self._end, SMALL)
        except BlockingIOError:
            return False
        return True


def spoken_by_itself(language: str, words: str, file: Path) -> bytes:
    """The samples of `words` in `language`, as espeak-ng itself writes them into `file`."""
    subprocess.run(["espeak-ng", "-v", language, "-w", file, "--", words], check=True, timeout=LIMIT_S)
    return samples_in(file)


def samples_in(file: Path) -> bytes:
    """The samples of a wave file."""
    with wave.open(str(file)) as sound:
        frames: bytes = sound.readframes(sound.getnframes())
    return frames


def loudest(samples: bytes) -> int:
    """The largest amplitude of 16-bit samples."""
    return max((abs(sample) for sample in array.array("h", samples[: len(samples) // 2 * 2])), default=0)
