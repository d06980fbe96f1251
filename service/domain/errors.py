"""Everything that can go wrong by name. The API turns each into a problem in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class MusterError(Exception):
    """Base of all named errors; the message is fit to be read by a user."""


class InvalidInputError(MusterError):
    """The request can't be taken; `errors` tells by field what is wrong."""

    def __init__(self, message: str, *, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(message)
        self.errors = {field: list(messages) for field, messages in errors.items()}


class UnknownPlaceError(MusterError):
    """No place bears this name. `suggestions` are names that come near, best first."""

    def __init__(self, name: str, *, suggestions: Sequence[str] = ()) -> None:
        super().__init__(f"No place is known as {name!r}.")
        self.name = name
        self.suggestions = tuple(suggestions)


class AmbiguousPlaceError(MusterError):
    """Several places bear this name. `candidates` are (code, name) pairs to choose from."""

    def __init__(self, name: str, *, candidates: Sequence[tuple[str, str]]) -> None:
        codes = " or ".join(f"{code} ({label})" for code, label in candidates)
        super().__init__(f"{name!r} names more than one place: use {codes}.")
        self.name = name
        self.candidates = tuple(candidates)


class NotFoundError(MusterError):
    """Nothing with this id is held on this desk."""

    def __init__(self, what: str, id_: str) -> None:
        super().__init__(f"No {what} {id_!r} is held here.")
        self.what = what
        self.id = id_


class ConflictError(MusterError):
    """The request contradicts what is held, such as an external_id and a url of two articles."""


class ChangedMeanwhileError(MusterError):
    """What is to be changed is not what the caller has seen any more."""


class PurgedError(ConflictError):
    """An article that was erased was posted again; `id` is that of the erased one."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"An article of this name or with these words was erased ({article_id}) and may not be posted again "
            "unless an admin readmits it."
        )
        self.id = article_id


class GoneError(MusterError):
    """The article was erased for good."""


class StorageUnavailableError(MusterError):
    """The database can't be reached now; nothing was accepted."""


class BacklogError(MusterError):
    """Too much waits to be read already; nothing was accepted."""


class StorageInDoubtError(StorageUnavailableError):
    """The database went away while it was keeping what was sent: that may have been kept or not."""


class InProgressError(MusterError):
    """The same request is being answered at this moment, on another connection."""


class NotReadyError(MusterError):
    """What was asked for exists only once the article has been read."""


class TooManyClaimsError(MusterError):
    """More claims were asked for at once than are given at once."""

    def __init__(self, found: int, *, most: int) -> None:
        super().__init__(
            f"{found} claims are asked for, and at most {most} are exported at once: narrow the filters, by "
            "reported_from and reported_to for example, and take several."
        )


class CutShortError(MusterError):
    """Fewer claims were left to write than had been counted: the export is not whole."""


class ExtraNeededError(MusterError):
    """What was asked for needs a package that was not installed with Muster."""

    def __init__(self, what: str, *, extra: str) -> None:
        super().__init__(f"{what} needs an extra that is not installed here: pip install 'muster[{extra}]'.")


class AccessError(MusterError):
    """Whoever asks may not, as far as can be told."""


class KeyNeededError(AccessError):
    """The request bears no key, and here one is needed."""


class KeyRefusedError(AccessError):
    """The key that came is unknown, wrong, expired or revoked."""


class ScopeMissingError(AccessError):
    """The key is good, but not for this. `scope` is what it lacks."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs a key with the scope {scope!r}, which yours has not.")
        self.scope = scope
