"""From looks to cards: trust and presence together."""

from kiosk.cards.code39 import check_character
from kiosk.scanners.camera.judge import NO_MS, UNANSWERED_MS, WITNESSES_WITHIN_MS, Judge
from kiosk.scanners.camera.presence import AWAY_MS
from kiosk.scanners.camera.readings import Look, Reading, Symbology
from kiosk.scanners.camera.trust import CheckCharacter
from tests.support.cameras import CardList

NUMBER = "DEMO0001"
CHECKED = "DEMO0001" + check_character("DEMO0001")


def code39(text: str) -> Reading:
    return Reading(text, Symbology.CODE39, "test")


def qr(text: str) -> Reading:
    return Reading(text, Symbology.QR, "test")


async def shown(
    known: CardList, *looks: tuple[Reading, ...], every_ms: int = 50, printed: CheckCharacter = CheckCharacter.AUTO
) -> list[tuple[int, str]]:
    judge, texts = Judge(known, printed=printed), []
    for position, readings in enumerate(looks):
        look = Look(readings, position * every_ms, mark=position)
        texts += [(position, text) for text in await judge.newly_shown(look)]
    return texts


async def test_a_qr_code_counts_at_once_and_once() -> None:
    known = CardList()
    assert await shown(known, *[(qr(NUMBER),)] * 10) == [(0, NUMBER)]
    assert known.asked == 0


async def test_a_qr_code_that_is_no_card_is_handed_over_as_it_is_so_that_staff_hear_of_it() -> None:
    assert await shown(CardList(), *[(qr("WIFI:S:Kahvila;;"),)] * 3) == [(0, "WIFI:S:Kahvila;;")]


async def test_both_codes_of_a_card_are_one_presentation_in_either_order() -> None:
    link = qr("https://kortti.example/k/DEMO-0001")
    known = CardList(NUMBER)
    assert await shown(known, (link,), (code39(CHECKED),), (link, code39(CHECKED))) == [(0, link.text)]
    assert await shown(known, (code39(CHECKED),), (link,), (link, code39(CHECKED))) == [(0, NUMBER)]


async def test_a_code39_with_check_character_and_a_listed_number_counts_at_once() -> None:
    assert await shown(CardList(NUMBER), *[(code39(CHECKED),)] * 5) == [(0, NUMBER)]


async def test_a_code39_without_one_waits_for_its_second_witness() -> None:
    assert await shown(CardList(NUMBER), *[(code39(NUMBER),)] * 5) == [(1, NUMBER)]


async def test_the_witnesses_need_not_be_neighbours() -> None:
    assert await shown(CardList(NUMBER), (code39(NUMBER),), (), (), (code39(NUMBER),)) == [(3, NUMBER)]


async def test_but_they_are_of_one_time() -> None:
    looks = [(code39(NUMBER),)] * 5
    assert await shown(CardList(NUMBER), *looks, every_ms=WITNESSES_WITHIN_MS + 1) == []


async def test_a_misread_between_breaks_the_agreement_and_becomes_no_card() -> None:
    looks = [(code39(NUMBER),), (code39("DEM00001"),), (code39(NUMBER),), (code39(NUMBER),)]
    assert await shown(CardList(NUMBER), *looks) == [(3, NUMBER)]


async def test_two_cards_that_carry_bars_alone_each_have_their_own_witnesses() -> None:
    looks = [(code39(NUMBER), code39("DEMO0007"))] * 3
    assert await shown(CardList(NUMBER, "DEMO0007"), *looks) == [(1, NUMBER), (1, "DEMO0007")]


async def test_a_code39_that_no_list_and_no_check_character_knows_never_counts() -> None:
    known = CardList(NUMBER)
    assert await shown(known, *[(code39("DEMO0007"),)] * 50) == []
    assert known.asked == 1


async def test_an_unlisted_card_is_shown_to_staff_only_where_its_bars_can_mean_one_number() -> None:
    looks = [(code39(CHECKED),)] * 5
    assert await shown(CardList(), *looks) == []
    assert await shown(CardList(), *looks, printed=CheckCharacter.ALWAYS) == [(2, NUMBER)]


async def test_where_two_cards_would_fit_nobody_guesses() -> None:
    assert await shown(CardList(NUMBER, CHECKED), *[(code39(CHECKED),)] * 50) == []


async def test_a_number_that_merely_looks_checked_is_itself() -> None:
    assert await shown(CardList(CHECKED), *[(code39(CHECKED),)] * 5) == [(1, CHECKED)]


async def test_away_and_back_is_read_again_and_asks_the_list_no_second_time_within_a_moment() -> None:
    known = CardList(NUMBER)
    card: tuple[Reading, ...] = (code39(CHECKED),)
    nothing: list[tuple[Reading, ...]] = [()] * (AWAY_MS // 50 + 2)
    assert await shown(known, card, card, *nothing, card, card) == [(0, NUMBER), (len(nothing) + 2, NUMBER)]
    assert known.asked == 2  # the number, and the number with its check character


async def test_a_card_that_came_onto_the_list_meanwhile_is_known() -> None:
    known = CardList()
    judge = Judge(known)
    assert await judge.newly_shown(Look((code39(NUMBER),), 0, mark=1)) == ()
    known.numbers.add(NUMBER)
    later = WITNESSES_WITHIN_MS + 1
    assert await judge.newly_shown(Look((code39(NUMBER),), later, mark=2)) == ()
    assert await judge.newly_shown(Look((code39(NUMBER),), later + 50, mark=3)) == (NUMBER,)


async def test_a_list_that_could_not_answer_is_asked_again_while_the_card_lies_there() -> None:
    known = CardList(NUMBER)
    known.faults = 2  # both meanings of the bars
    again = UNANSWERED_MS // 50
    assert await shown(known, *[(code39(CHECKED),)] * 10) == [(again, NUMBER)]
    assert known.asked == 4


async def test_half_an_answer_is_none_since_two_cards_could_fit() -> None:
    known = CardList(NUMBER, CHECKED)
    known.faults = 1
    assert await shown(known, *[(code39(CHECKED),)] * 20) == []


async def test_a_list_that_never_answers_is_asked_at_a_bounded_rate_and_no_card_is_shown() -> None:
    known = CardList(NUMBER)
    known.faults = 1000
    looks = [(code39(CHECKED),)] * 100
    assert await shown(known, *looks, printed=CheckCharacter.ALWAYS) == []
    assert known.asked == 100 * 50 // UNANSWERED_MS


async def test_a_card_that_comes_onto_the_list_while_it_lies_there_is_known() -> None:
    known = CardList()
    judge, texts = Judge(known), []
    for position in range(NO_MS // 1000 + 3):
        texts.append(await judge.newly_shown(Look((code39(NUMBER),), position * 1000, mark=position)))
        known.numbers.add(NUMBER)
    assert texts == [()] * (NO_MS // 1000) + [(NUMBER,), (), ()]


async def test_a_printed_code_of_the_desk_is_obeyed_once_without_the_card_list() -> None:
    known = CardList()
    code = "KIOSKRECORD" + check_character("KIOSKRECORD")
    assert await shown(known, *[(code39(code),)] * 5) == [(0, code)]
    assert known.asked == 0


async def test_a_printed_code_whose_check_character_was_not_seen_is_nothing() -> None:
    assert await shown(CardList(), *[(code39("KIOSKRECORD"),)] * 5) == []
