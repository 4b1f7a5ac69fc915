"""The eye that compares pictures sees what a person would, and nothing finer."""

import io

from PIL import Image, ImageDraw

from tests.screens.compare import MOST_DIFFERENT, difference, slack_of, slim

GREEN, RED, GREY, INK = (15, 107, 58), (156, 28, 28), (238, 241, 243), (20, 34, 46)
TALL = (1080, 1920)


def picture(
    word: str = "Kelpaa",
    ground: tuple[int, int, int] = GREEN,
    size: tuple[int, int] = (800, 480),
    small: str = "18.28 •• 17",
    small_at: tuple[float, float] = (549, 55),
) -> bytes:
    image = Image.new("RGB", size, GREY)
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((20, 20, 500, 300), fill=ground)
    drawn.text((60, 100), word, fill="white", font_size=48)
    drawn.text(small_at, small, fill=INK, font_size=13.6)
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


def test_a_small_word_that_is_gone_or_new_is_seen_however_large_the_picture() -> None:
    for size in ((800, 480), TALL):
        for small in ("", "19.43 •• 17", "18.28 •• 18"):
            assert difference(picture(size=size), picture(size=size, small=small)) > MOST_DIFFERENT, small


def test_a_small_word_is_seen_wherever_it_stands() -> None:
    for moved in range(0, 24, 4):
        at = (787 - 24 + moved, 467 - 24 + moved)
        assert difference(picture(small_at=at, small="17"), picture(small_at=at, small="")) > MOST_DIFFERENT, at


def faint(picture: bytes) -> bytes:
    """`picture` at 30 %, as a page is painted whose kiosk is gone."""
    image = Image.open(io.BytesIO(picture))
    file = io.BytesIO()
    Image.blend(Image.new("RGB", image.size, GREY), image, 0.3).save(file, "PNG")
    return file.getvalue()


def test_a_small_word_is_seen_also_where_a_page_is_painted_faint_because_its_kiosk_is_gone() -> None:
    one, other = faint(picture(small="enintään 2")), faint(picture(small="rekisterissä 2"))
    assert difference(one, other, slack_of("small-fi-ready")) <= MOST_DIFFERENT
    assert difference(one, other, slack_of("small-fi-gone")) > MOST_DIFFERENT
    assert difference(one, slim(one), slack_of("small-fi-gone-contrast")) == 0


def test_the_edge_of_a_letter_drawn_a_little_otherwise_is_not_seen() -> None:
    assert difference(picture(), picture(small_at=(549.2, 55))) <= MOST_DIFFERENT
