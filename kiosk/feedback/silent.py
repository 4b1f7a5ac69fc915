"""A kiosk without lamps and buzzer."""

from __future__ import annotations

from kiosk.feedback.look import Look
from kiosk.feedback.signals import Part


class NoLamps:
    """The interface of the lamps, in the dark."""

    def show(self, look: Look) -> frozenset[Part]:  # noqa: ARG002  # there is nothing to switch
        """Do nothing; nothing is on."""
        return frozenset()

    def close(self) -> None:
        """Do nothing."""
