"""What the store refuses; core.common.workspace puts it into words for people."""

from db.file_watch import Fault


class DatabaseError(Exception):
    """The database refused: read-only, full, broken, not a database, out of reach. The text is its own."""


class FaultError(DatabaseError):
    """The database is no longer the one that was opened, or not whole."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class SchemaTooNewError(Exception):
    """The database was written by a newer version of the program; the text is the schema's version."""
