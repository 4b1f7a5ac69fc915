"""The eye that compares pictures sees what a person would, and nothing finer."""

import io

from PIL import Image, ImageDraw

from tests.screens.compare import MOST_DIFFERENT, difference, slim

GREEN, RED, GREY = (15, 107, 58), (156, 28, 28), (238, 241, 243)


def picture(word: str = "Kelpaa", ground: tuple[int, int, int] = GREEN, size: tuple[int, int] = (800, 480)) -> bytes:
    image = Image.new("RGB", size, GREY)
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((20, 20, 500, 300), fill=ground)
    drawn.text((60, 100), word, fill="white", font_size=48)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_picture_and_its_slim_one_are_the_same_for_an_eye() -> None:
    assert difference(picture(), picture()) == 0
    assert difference(picture(), slim(picture())) == 0


def test_another_word_another_colour_and_another_size_are_seen() -> None:
    assert difference(picture(), picture(word="Ei kelpaa")) > MOST_DIFFERENT
    assert difference(picture(), picture(ground=RED)) > 0.3
    assert difference(picture(), picture(size=(800, 481))) == 1
