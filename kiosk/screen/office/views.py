"""From records to what the venue's pages say, without drawing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kiosk.cards.exchange import Fate, ItemKind, QueueRecord, UseOfDay
from kiosk.cards.figures import Figures, Totals
from kiosk.cards.model import Category, Event, Reason, Use, UseKind
from kiosk.health import Condition
from kiosk.screen import words
from kiosk.screen.charts import Bar, bar_chart, beside
from kiosk.screen.office import office_words as say
from kiosk.screen.office.part_words import part
from kiosk.screen.translations import Translator


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use of the day."""

    id: str
    time: str
    card: str
    event: str
    tickets: str
    undone: str
    """When it was taken back; empty: it was not."""
    by_venue: bool
    """Whether the venue's administrator did that."""


def use_rows(uses: Iterable[UseOfDay], events: Mapping[str, Event], t: Translator) -> list[UseRow]:
    """The day's uses, as they came."""
    return [
        UseRow(
            id=each.use.id,
            time=t.time(each.use.decided.at),
            card=f"•• {each.use.card.tail}".strip(),
            event=event_name(each.use, events, t),
            tickets=words.tickets(t, each.use.tickets),
            undone="" if each.annulled_at is None else t.time(each.annulled_at),
            by_venue=each.by_venue,
        )
        for each in uses
    ]


def event_name(use: Use, events: Mapping[str, Event], t: Translator) -> str:
    """What the use was for."""
    if use.event_label is not None:
        return use.event_label
    event = None if use.event_id is None else events.get(use.event_id)
    if event is not None:
        return t.name(event.name)
    return t.gettext("Course") if use.kind is UseKind.COURSE else t.gettext("General admission")


@dataclass(frozen=True, slots=True)
class Places:
    """Places of an event that are for cards."""

    limit: int
    left: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of the day."""

    id: str
    time: str
    name: str
    by_hand: bool
    places: str
    """How many there are; empty: nobody counts them."""
    for_cards: str
    """How many of them are for cards, and left; empty: there is no quota, or the event is sold out."""
    sold_out: bool
    course: bool


def event_rows(events: Iterable[Event], for_cards: Mapping[str, Places | None], t: Translator) -> list[EventRow]:
    """The day's events, as they follow each other, with their places for cards."""
    return [
        EventRow(
            id=event.id,
            time=t.gettext("All day") if event.whole_day else f"{t.time(event.starts_at)}–{t.time(event.ends_at)}",
            name=t.name(event.name),
            by_hand=event.by_hand,
            places="" if event.places is None else t.number(event.places),
            for_cards="" if event.sold_out else _left(for_cards.get(event.id), t),
            sold_out=event.sold_out,
            course=event.kind is UseKind.COURSE,
        )
        for event in events
    ]


def _left(places: Places | None, t: Translator) -> str:
    if places is None:
        return ""
    return t.gettext("%(left)s of %(all)s left") % {"left": t.number(places.left), "all": t.number(places.limit)}


@dataclass(frozen=True, slots=True)
class LookRow:
    """A record that somebody should look at."""

    item: str
    id: str
    """Of the use, where it is one that can be taken back."""
    when: str
    what: str
    words: str
    """The register's own, in this language, or else the kiosk's."""
    detail: str
    """For the technician, in English; empty: nothing more is known."""
    todo: str
    seen: str
    """When staff saw it; empty: they have not."""


def look_rows(records: Iterable[QueueRecord], t: Translator) -> list[LookRow]:
    """What the register flagged or refuses, or took back, with its words and what to do."""
    rows = []
    for record in records:
        entry = record.entry
        was = record.ended[-1] if record.ended and entry.fate is Fate.DELIVERED else None
        message, reasons = (entry.message, entry.reasons) if was is None else (was.message, was.reasons)
        parked = entry.fate is Fate.PARKED
        found = filter(None, (say.found(t, code) for code in reasons))
        told = t.name(message) if message is not None else " ".join(found)
        what = words.tickets(t, record.item.tickets) if isinstance(record.item, Use) else say.kind(t, entry.kind)
        rows.append(
            LookRow(
                item=entry.item_id,
                id=entry.item_id if entry.kind is ItemKind.USE and not record.taken_back and was is None else "",
                when=t.day_and_time(entry.decided_at),
                what=what,
                words=told or say.without_words(t, parked=parked),
                detail=(entry.last_error or "") if parked else "" if told else ", ".join(reasons),
                todo=say.todo(t, parked=parked, taken_back=record.taken_back, ended=was is not None),
                seen="" if entry.seen_at is None else t.day_and_time(entry.seen_at),
            )
        )
    return rows


def figures_view(figures: Figures, t: Translator) -> dict[str, object]:
    """Charts and tables of `figures`, for the template."""
    days = [(t.day_of_month(day), totals) for day, totals in figures.by_day.items()]
    months = [(t.month(day), totals) for day, totals in figures.by_month.items()]
    by_month = len(months) > 1
    shown = months if by_month else days
    title = t.gettext("Visitors by month") if by_month else t.gettext("Visitors by day")
    return {
        "sums": _sums(figures, t),
        "chart_title": title,
        "chart": bar_chart([Bar(label, totals.adults, totals.children) for label, totals in shown], title, t.number),
        "table": [_counted(label, totals, t) for label, totals in shown if totals != Totals()],
        "categories": _with_bars([(_category(t, name), totals) for name, totals in figures.by_category.items()], t),
        "labels": _with_bars(list(figures.by_label.items()), t),
        "reasons": _reasons(figures, t),
    }


def _sums(figures: Figures, t: Translator) -> list[tuple[str, str]]:
    total, refused = figures.total, figures.by_reason
    sums = (
        (t.gettext("Uses"), total.uses),
        (t.gettext("Adults"), total.adults),
        (t.gettext("Children"), total.children),
        (t.gettext("Assistants"), total.assistants),
        (t.gettext("Course places"), figures.courses),
        (t.gettext("Refused: 3\N{NO-BREAK SPACE}% full"), refused.get(Reason.QUOTA_FULL, 0)),
        (t.gettext("Refused: sold out"), refused.get(Reason.SOLD_OUT, 0)),
    )
    return [(label, t.number(count)) for label, count in sums]


def _counted(label: str, totals: Totals, t: Translator) -> tuple[str, ...]:
    return label, *(t.number(count) for count in (totals.uses, totals.adults, totals.children))


def _with_bars(lines: Sequence[tuple[str, Totals]], t: Translator) -> list[tuple[Markup, tuple[str, ...]]]:
    bars = beside([Bar(label, totals.adults, totals.children) for label, totals in lines])
    return [(bar, _counted(label, totals, t)) for bar, (label, totals) in zip(bars, lines, strict=True)]


def _reasons(figures: Figures, t: Translator) -> list[tuple[Markup, str, str]]:
    """Why visitors got no ticket; reasons of one word are one line."""
    counted: Counter[str] = Counter()
    for reason, count in figures.by_reason.items():
        counted[say.refused_for(t, reason)] += count
    lines = counted.most_common()
    bars = beside([Bar(label, count, 0) for label, count in lines])
    return [(bar, label, t.number(count)) for bar, (label, count) in zip(bars, lines, strict=True)]


def _category(t: Translator, category: Category | None) -> str:
    return t.gettext("General admission") if category is None else say.category(t, category)


def health_rows(parts: Mapping[str, Condition], t: Translator) -> list[tuple[str, bool, str, str]]:
    """Part, whether it works, since when, and the technician's words: its name in the log, and the sentence there."""
    return [
        (part(t, name) or name, each.ok, t.day_and_time(each.since), ": ".join(filter(None, (name, each.why))))
        for name, each in parts.items()
    ]
