"""What is heard of a verdict: real espeak-ng, real speech-dispatcher, and a loudspeaker that is a pipe."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from kiosk.cards.desk_state import Desk
from kiosk.config import parse
from kiosk.feedback.voice import Voice
from kiosk.health import Health
from kiosk.speaking import voice_of
from tests.support import desks
from tests.support.dispatcher import Dispatcher
from tests.support.ears import Ears, WatchedHealth, is_running, until_ended
from tests.support.loudspeaker import LOUD, Loudspeaker, loudest, samples_in, spoken_by_itself
from tests.support.screen_desk import until

pytestmark = [
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
    pytest.mark.skipif(shutil.which("spd-say") is None, reason="speech-dispatcher is not installed"),
]

WELCOMES = {"fi": "Tervetuloa sisään!", "sv": "Välkommen in!", "en": "Welcome in!"}
THANKS = {"fi": "Kiitos – mukavaa hetkeä!", "sv": "Tack – ha det så trevligt!", "en": "Thank you – enjoy!"}
WAVE = """
import subprocess
subprocess.run(["espeak-ng", "-v", sys.argv[1], "-w", {folder!r} + "/said.wav", "--", sys.argv[2]], check=True)
"""


@contextlib.contextmanager
def dispatched(folder: Path, patch: pytest.MonkeyPatch, then: str) -> Iterator[Ears]:
    """A dispatcher that gives all that it is told to the ears."""
    ears = Ears(folder, then=then, name="speaker")
    dispatcher = Dispatcher(folder, ears.program)
    for name, value in dispatcher.environment.items():
        patch.setenv(name, value)
    try:
        yield ears
    finally:
        dispatcher.close()
        ears.close()


@contextlib.asynccontextmanager
async def speaking(program: str, language: str, health: Health) -> AsyncIterator[Voice]:
    """The kiosk's own voice, with `program`."""
    voice = voice_of(parse({"speech": {"program": program, "language": language}}), health)
    assert voice is not None
    serving = asyncio.create_task(voice.run())
    try:
        yield voice
    finally:
        serving.cancel()
        await asyncio.wait({serving})


@pytest.fixture
async def loudspeaker(tmp_path: Path) -> AsyncIterator[Loudspeaker]:
    loudspeaker = Loudspeaker(tmp_path)
    yield loudspeaker
    loudspeaker.close()


@pytest.mark.parametrize(
    ("language", "desk", "words"),
    [
        *((language, desks.presented(), words) for language, words in WELCOMES.items()),
        *((language, desks.recorded(), words) for language, words in THANKS.items()),
    ],
)
async def test_the_very_words_are_heard_in_the_very_language(
    loudspeaker: Loudspeaker, tmp_path: Path, language: str, desk: Desk, words: str
) -> None:
    health = WatchedHealth()
    async with speaking(str(loudspeaker.program), language, health) as voice:
        await voice.announce(desk)
        await health.until(ok=True)
    (heard,) = loudspeaker.sentences()
    assert loudest(heard) > LOUD
    assert heard == spoken_by_itself(language, words, tmp_path / "right.wav")


def test_the_same_words_sound_otherwise_in_each_language(tmp_path: Path) -> None:
    assert len({spoken_by_itself(language, "Tervetuloa", tmp_path / "a.wav") for language in WELCOMES}) == 3


async def test_a_new_verdict_cuts_the_old_one_in_the_middle_of_its_sentence(
    loudspeaker: Loudspeaker, tmp_path: Path
) -> None:
    old, new = (spoken_by_itself("fi", words["fi"], tmp_path / "right.wav") for words in (WELCOMES, THANKS))
    health = WatchedHealth()
    async with speaking(str(loudspeaker.program), "fi", health) as voice:
        loudspeaker.hold()
        await voice.announce(desks.presented())
        await loudspeaker.until_playing()
        await voice.announce(desks.recorded())
        loudspeaker.let_go()
        await health.until(ok=True)
    begun, whole = loudspeaker.sentences()
    assert whole == new
    assert old.startswith(begun)
    assert len(begun) < len(old)


@pytest.mark.parametrize("language", WELCOMES)
async def test_speech_dispatcher_is_told_the_very_words_in_the_very_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with dispatched(tmp_path, monkeypatch, then=WAVE.format(folder=str(tmp_path))) as ears:
        async with speaking("spd-say", language, ears.health) as voice:
            await voice.announce(desks.recorded())
            assert (await ears.hear())[1:] == [language, THANKS[language]]
            await ears.until_health(ok=True)
        said = samples_in(tmp_path / "said.wav")
    assert loudest(said) > LOUD
    assert said == spoken_by_itself(language, THANKS[language], tmp_path / "right.wav")


async def test_a_new_verdict_cuts_the_old_one_in_speech_dispatcher_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dispatched(tmp_path, monkeypatch, then="signal.pause()") as ears:
        async with speaking("spd-say", "fi", ears.health) as voice:
            await voice.announce(desks.presented())
            old, *_ = await ears.hear()
            assert is_running(old)
            await voice.announce(desks.recorded())
            new, _, words = await ears.hear()
            await until_ended(old)
            assert (is_running(new), words) == (True, THANKS["fi"])
        await until_ended(new)  # also when spd-say was told of an end that was the old one's


async def test_a_verdict_that_comes_while_speech_dispatcher_starts_is_said_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dispatched(tmp_path, monkeypatch, then="") as ears:
        async with speaking("spd-say", "fi", ears.health) as voice:
            await voice.announce(desks.presented())
            await until((tmp_path / "runtime" / "speech-dispatcher").exists)
            await voice.announce(desks.recorded())
            while (await ears.hear())[2] != THANKS["fi"]:
                pass
            await ears.until_health(ok=True)


async def test_speech_dispatcher_says_nothing_more_when_the_kiosk_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dispatched(tmp_path, monkeypatch, then="signal.pause()") as ears:
        async with speaking("spd-say", "fi", ears.health) as voice:
            await voice.announce(desks.presented())
            speaker, *_ = await ears.hear()
            assert is_running(speaker)
        await until_ended(speaker)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("espeak-ng", "The program espeak-ng said: No such file or directory."),
        ("spd-say", "The program spd-say ended with 1."),
    ],
)
async def test_a_kiosk_without_a_sound_card_does_not_think_that_it_was_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, why: str
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "no-card.conf"))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/no-pulse")
    with dispatched(tmp_path, monkeypatch, then="") as ears:
        async with speaking(program, "fi", ears.health) as voice:
            await voice.announce(desks.presented())
            assert await ears.until_health(ok=False) == why
