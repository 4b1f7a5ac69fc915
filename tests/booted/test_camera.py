"""A card before the Pi's own camera, in the unit's whole sandbox."""

from tests.booted.desk import Desk, until_the_register_has
from tests.support.register import ServingRegister


def test_a_card_before_the_camera_is_green_and_a_button_brings_it_to_the_register(
    desk_with_camera: Desk, register: ServingRegister
) -> None:
    desk = desk_with_camera
    desk.switch_on()
    desk.until_it_trusts_its_list()
    desk.until_green()
    desk.press_confirm("the record", '"phase":"recorded"')
    (use,) = desk.announced_records()
    until_the_register_has(register, [use])
