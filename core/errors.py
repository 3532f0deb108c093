"""Errors that a person caused and can mend; the doors translate them, nobody else."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal in plain words.

    `code` is stable for programs, `message` is for the person, `field` names the
    input it belongs beside (empty: the whole form).
    """

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


class DomainErrors(DomainError):
    """Several refusals at once, so that a form can show each beside its field."""

    def __init__(self, errors: list[DomainError]) -> None:
        first = errors[0]
        super().__init__(first.code, first.message, field=first.field)
        self.errors = errors
