"""Every error that the register raises on purpose, as one tree.

RegisterError
├── StoreUnavailable   the database cannot be opened, read or written now
│   └── StoreTooNew    it was written by a newer version
├── KeyFileError       the register's key file is missing, foreign or unreadable
├── CannotServe        the address or the certificate cannot be used
├── NotFound           a command names something that is not there
├── ImportRefused      an exported file cannot be opened, or does not prove whose it is
└── Declined           a request that gets a problem document for an answer
"""

from __future__ import annotations

from contract.messages import ProblemType


class RegisterError(Exception):
    """The root; its text is a sentence for the person who runs the register."""


class StoreUnavailable(RegisterError):
    """The database cannot be used now; trying again later may help."""


class StoreTooNew(StoreUnavailable):
    """The database was written by a newer version of the register."""


class KeyFileError(RegisterError):
    """The private key that opens sealed card numbers cannot be used."""


class CannotServe(RegisterError):
    """The register cannot listen where it was told to."""


class NotFound(RegisterError):
    """What a command names is not there, or there are several of it."""


class ImportRefused(RegisterError):
    """Nothing of an exported file was taken in."""


class Declined(RegisterError):
    """The request gets a problem document; `detail` is for technicians and holds nothing of a card."""

    def __init__(self, problem_type: ProblemType, detail: str = "") -> None:
        """`problem_type` is from the contract's closed list."""
        super().__init__(problem_type)
        self.problem_type = problem_type
        self.detail = detail
