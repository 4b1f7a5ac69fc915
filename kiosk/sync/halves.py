"""Finding the records to blame for batches that fail whole: in halves, until each stands alone (pure)."""

from __future__ import annotations

from collections.abc import Collection, Sequence


class Halves:
    """Guards the parts still to be tried, as ids: what they say may be put right while they wait."""

    def __init__(self) -> None:
        """Nothing has failed."""
        self._parts: list[tuple[str, ...]] = []
        self._suspects: set[str] = set()
        self._culprits: set[str] = set()
        self._again: set[str] = set()
        """Culprits that failed alone again since anything got through."""

    @property
    def culprits(self) -> frozenset[str]:
        """Records that failed alone while others got through."""
        return frozenset(self._culprits)

    @property
    def suspected(self) -> bool:
        """Whether a record failed alone since anything got through."""
        return bool(self._suspects)

    def next(self) -> tuple[str, ...]:
        """The part whose turn it is, which is then left to the caller; empty: there is none."""
        return self._parts.pop() if self._parts else ()

    def failed(self, ids: Sequence[str]) -> None:
        """Try the two halves of `ids` next, one after the other; a single one is suspected."""
        if len(ids) == 1:
            self._suspects.update(ids)
            return
        middle = len(ids) // 2
        self._parts += [tuple(ids[middle:]), tuple(ids[:middle])]

    def failed_again(self, ids: Collection[str]) -> None:
        """Culprits failed; of several together it is not known whose fault that was."""
        if len(ids) == 1:
            self._again.update(ids)

    def left_out(self, ids: Collection[str]) -> None:
        """The register answered, but not to these: to others of the same batch, or to a single one."""
        self._suspects.update(ids)

    def worked(self, ids: Collection[str]) -> frozenset[str]:
        """These got through: so it was not the line that failed just before; returns who did that."""
        blamed = (self._suspects | self._again).difference(ids)
        self._culprits |= self._suspects
        self._culprits.difference_update(ids)
        self._suspects.clear()
        self._again.clear()
        return frozenset(blamed)

    def line_is_back(self) -> None:
        """It was the line."""
        self._suspects.clear()
        self._again.clear()
