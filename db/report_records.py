"""What the queries of reports and saved views return: frozen values, no live rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportRecord:
    """See db.report_tables.WrittenReport."""

    id: int
    title: str
    version: int
    created_by: str
    created_at: float
    changed_by: str
    changed_at: float


@dataclass(frozen=True)
class VersionRecord:
    """See db.report_tables.ReportVersion."""

    report_id: int
    number: int
    title: str
    source: str
    note: str
    created_by: str
    created_at: float


@dataclass(frozen=True)
class ViewRecord:
    """See db.report_tables.SavedView; `query` is what stands behind the question mark of its address."""

    id: int
    page: str
    name: str
    query: str
    created_by: str
    created_at: float
    changed_at: float
