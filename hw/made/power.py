"""Currents: what each line of the header gives, what the 5 V supply must give, what a cable loses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.feedback.pins import DEFAULT_PINS
from kiosk.feedback.signals import PATTERNS, Part

LINE_VOLT = 3.3
LAMP_MA, BUZZER_MA = 20, 30  # usual 5 V panel lamp and active buzzer
PULL_DOWN_OHM = 100_000
ULN2803A_OHM, ULN2803A_DROP_VOLT = 2_700, 1.35  # its input resistor and two junctions: Texas Instruments’ data sheet
HELD_LEVEL_MA, LINE_LIMIT_MA, ALL_LINES_MA = 4, 16, 50


@dataclass(frozen=True, slots=True)
class Load:
    """One consumer on the 5 V supply."""

    name: str
    usual_ma: int
    worst_ma: int
    source: str


def lamps_at_once() -> int:
    """The most lamps that any signal of the code lights at the same time."""
    steps = (step for pattern in PATTERNS.values() for step in (*pattern.steps, *pattern.again))
    return max(len(step.on - {Part.BUZZER}) for step in steps)


BOARDS = {
    "Pi 4": (Load("board", 600, 1250, "Raspberry Pi documentation, “Power supply”"), 3000),
    "Pi 5": (Load("board", 800, 2400, "worst case: 12 W taken, to be measured"), 5000),
}
SHARED = (
    Load("camera", 250, 250, "the same documentation"),
    Load("scanner", 200, 500, "usual: to be measured; worst: the limit of USB 2.0 for one device"),
    Load("touch screen, 7 inch", 500, 1000, "to be measured; users report planning with 1 A"),
    Load("light on the card", 200, 400, "2 W taken, to be measured"),
    Load(
        "lamps lit at once",
        LAMP_MA * lamps_at_once(),
        LAMP_MA * lamps_at_once(),
        f"at most {lamps_at_once()} of 4, from `kiosk/feedback/signals.py`",
    ),
    Load("buzzer", 0, BUZZER_MA, "sounds for 0.1 s"),
)
FAN = Load("fan", 50, 200, "Pi 5 only, to be measured")


def loads_of(board: str) -> tuple[Load, ...]:
    """Everything on the 5 V supply of a kiosk with this board."""
    own, _ = BOARDS[board]
    return (own, *SHARED, FAN) if board == "Pi 5" else (own, *SHARED)


def budget_table() -> str:
    """The 5 V budget of both boards."""
    return "\n".join(_budget())


def _budget() -> Iterator[str]:
    yield "| on 5 V, mA | Pi 4 usual | Pi 4 worst | Pi 5 usual | Pi 5 worst | source |"
    yield "| --- | ---: | ---: | ---: | ---: | --- |"
    own_4, own_5 = (BOARDS[board][0] for board in BOARDS)
    sources = f"{own_4.source}; Pi 5’s {own_5.source}"
    yield f"| board | {own_4.usual_ma} | {own_4.worst_ma} | {own_5.usual_ma} | {own_5.worst_ma} | {sources} |"
    for load in SHARED:
        yield f"| {load.name} | {load.usual_ma} | {load.worst_ma} | {load.usual_ma} | {load.worst_ma} | {load.source} |"
    yield f"| {FAN.name} | – | – | {FAN.usual_ma} | {FAN.worst_ma} | {FAN.source} |"
    sums = [sum(pick) for board in BOARDS for pick in _columns(board)]
    yield f"| **sum** | {' | '.join(f'**{value}**' for value in sums)} | |"
    limits = [limit for _, limit in BOARDS.values() for _ in range(2)]
    left = [limit - value for limit, value in zip(limits, sums, strict=True)]
    yield f"| supply | {' | '.join(str(limit) for limit in limits)} | 15 W and 27 W supplies |"
    yield f"| left | {' | '.join(str(value) if value >= 0 else f'**{value}**' for value in left)} | |"


def _columns(board: str) -> tuple[list[int], list[int]]:
    loads = loads_of(board)
    return [load.usual_ma for load in loads], [load.worst_ma for load in loads]


def lines_table() -> str:
    """What the header's lines would give, by the way of driving."""
    on_at_once = lamps_at_once() + 1
    direct = LAMP_MA * lamps_at_once() + BUZZER_MA
    mosfet = LINE_VOLT / PULL_DOWN_OHM * 1000
    darlington = (LINE_VOLT - ULN2803A_DROP_VOLT) / ULN2803A_OHM * 1000
    limits = f"{HELD_LEVEL_MA} mA with a full level, {LINE_LIMIT_MA} mA at most"
    return "\n".join(
        (
            f"| driven by | one line gives | {on_at_once} of {len(DEFAULT_PINS) - 2} lines on | verdict |",
            "| --- | ---: | ---: | --- |",
            f"| the line itself | {LAMP_MA} to {BUZZER_MA} mA | {direct} mA | no: {limits}, {ALL_LINES_MA} mA in all |",
            f"| ULN2803A | {darlington:.2f} mA | {darlington * on_at_once:.2f} mA | yes |",
            f"| MOSFET with R2 | {mosfet:.3f} mA | {mosfet * on_at_once:.3f} mA | yes |",
        )
    )


COPPER_OHM_MM2_M = 0.0175
SUPPLY_VOLT, WARNING_VOLT = 5.1, 4.63


def loss_volt(current_ma: float, length_m: float, area_mm2: float) -> float:
    """What a cable loses, there and back."""
    return current_ma / 1000 * 2 * length_m * COPPER_OHM_MM2_M / area_mm2


def cable_table() -> str:
    """Loss of a 5 V cable at the full current of each supply."""
    room = SUPPLY_VOLT - WARNING_VOLT
    rows = ["| cable | 3 A (Pi 4) loses | 5 A (Pi 5) loses |", "| --- | --- | --- |"]
    for length, area in ((0.5, 0.5), (1.0, 0.5), (1.0, 0.75), (1.5, 0.75), (2.0, 1.5)):
        cells = [
            f"{loss:.2f} V{'' if loss <= room / 2 else ': too much'}"
            for loss in (loss_volt(current, length, area) for current in (3000, 5000))
        ]
        rows.append(f"| {length} m, {area} mm² | {' | '.join(cells)} |")
    return "\n".join(rows)
