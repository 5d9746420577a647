"""Trained models: their versions, and the names that point at versions."""

import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.batches import batches
from db.registry_records import ModelRecord, Stage, VersionRecord
from db.registry_tables import ModelAlias, ModelExport, ModelGate, ModelVersion, RegisteredModel
from db.serving_tables import ServedMinute, ServedModel, ServedRequest
from db.upsert import insert_missing, upsert

ENSEMBLE = "ensemble"  # in place of a checkpoint's name, of a version that several runs are part of
_OBJECTS = ("config", "facts", "metrics", "tags")
_CHANGEABLE = ("note", "stage", "edited_card", "tags", "facts")


def models(session: Session, name: str | None = None) -> list[ModelRecord]:
    """All, or the one of this name; that with the newest version first."""
    query = sa.select(RegisteredModel)
    if name is not None:
        query = query.where(RegisteredModel.name == name)
    rows = {row.id: row for row in session.scalars(query)}
    found = _versions(session, _among(ModelVersion, rows, name))
    by_model: dict[int, list[VersionRecord]] = {}
    for version in found:
        by_model.setdefault(version.model_id, []).append(version)
    gates: dict[int, dict[str, dict[str, Any]]] = {}
    for gate in session.scalars(sa.select(ModelGate).where(_among(ModelGate, rows, name))):
        gates.setdefault(gate.model_id, {})[gate.alias] = gate.rules if isinstance(gate.rules, dict) else {}
    records = [
        ModelRecord(
            versions=tuple(by_model.get(key, ())),
            gates=gates.get(key, {}),
            **{name: getattr(row, name) for name in RegisteredModel.__table__.columns.keys()},  # noqa: SIM118
        )
        for key, row in rows.items()
    ]
    return sorted(records, key=lambda each: (-max((v.created_at for v in each.versions), default=0.0), each.name))


def descriptions(session: Session) -> dict[str, str]:
    """Of every model by its name, without reading its versions."""
    query = sa.select(RegisteredModel.name, RegisteredModel.description).order_by(RegisteredModel.name)
    return {name: description for name, description in session.execute(query)}  # noqa: C416 - rows are no pairs


def find(session: Session, name: str) -> ModelRecord | None:
    return next(iter(models(session, name)), None)


def find_locked(session: Session, name: str) -> ModelRecord | None:
    """The same; nobody else changes it until the transaction ends. SQLite, with one writer, needs no lock."""
    session.execute(sa.select(RegisteredModel.id).where(RegisteredModel.name == name).with_for_update())
    return find(session, name)


def versions_of_runs(session: Session, run_ids: Iterable[int]) -> list[VersionRecord]:
    """Made of one of the runs, by itself or together with others."""
    wanted = set(run_ids)
    found = [each for batch in batches(wanted) for each in _versions(session, ModelVersion.run_id.in_(batch))]
    if wanted and (ensembles := _versions(session, ModelVersion.checkpoint == ENSEMBLE)):
        known = {each.id for each in found}
        found += [each for each in ensembles if each.id not in known and not wanted.isdisjoint(each.member_runs)]
    return found


def versions_of_uids(session: Session, uids: Iterable[str]) -> list[VersionRecord]:
    """The same by the runs' uids."""
    return _versions(session, ModelVersion.run_uid.in_(list(uids)))


def add_version(session: Session, name: str, values: dict[str, Any], **of_new_model: str) -> VersionRecord:
    """The next version of a model, which is made where there is none of this name; `values` are columns."""
    now = time.time()
    insert_missing(session, RegisteredModel, [{"name": name, "newest": 0, "created_at": now, **of_new_model}])
    # The one who writes first holds the row until its transaction ends, so no number is given twice.
    session.execute(
        sa.update(RegisteredModel).where(RegisteredModel.name == name).values(newest=RegisteredModel.newest + 1)
    )
    key, number = session.execute(
        sa.select(RegisteredModel.id, RegisteredModel.newest).where(RegisteredModel.name == name)
    ).one()
    row = ModelVersion(model_id=key, number=number, created_at=now, **values)
    session.add(row)
    session.flush()
    return _versions(session, ModelVersion.id == row.id)[0]


def add_model(session: Session, name: str, description: str, created_by: str, tags: dict[str, str]) -> None:
    """One without versions; there must be none of this name."""
    now = time.time()
    row = {"name": name, "newest": 0, "created_at": now, "description": description, "created_by": created_by}
    session.add(RegisteredModel(tags=tags, **row))
    session.flush()


def change_model(session: Session, model_id: int, **values: Any) -> None:
    session.execute(sa.update(RegisteredModel).where(RegisteredModel.id == model_id).values(**values))


def change_version(session: Session, version_id: int, **values: Any) -> bool:
    """False where there is no such version. Raises ValueError for a column that does not change."""
    if others := sorted(set(values) - set(_CHANGEABLE)):
        raise ValueError(f"Cannot change {', '.join(others)} of a version. Accepted are {', '.join(_CHANGEABLE)}.")
    changed = sa.update(ModelVersion).where(ModelVersion.id == version_id).values(**values).returning(ModelVersion.id)
    return session.scalar(changed) is not None


def describe(session: Session, model_id: int, description: str) -> None:
    session.execute(sa.update(RegisteredModel).where(RegisteredModel.id == model_id).values(description=description))


def point(session: Session, alias: str, version: VersionRecord) -> None:
    """Have an alias of the version's model point at it, wherever it pointed before."""
    upsert(session, ModelAlias, [{"model_id": version.model_id, "alias": alias, "version_id": version.id}])


def drop_alias(session: Session, model_id: int, alias: str) -> None:
    session.execute(sa.delete(ModelAlias).where(ModelAlias.model_id == model_id, ModelAlias.alias == alias))


def set_gate(session: Session, model_id: int, alias: str, rules: dict[str, Any]) -> None:
    """In the place of the one there was; one without rules is removed."""
    session.execute(sa.delete(ModelGate).where(ModelGate.model_id == model_id, ModelGate.alias == alias))
    if rules:
        session.add(ModelGate(model_id=model_id, alias=alias, rules=rules))


def delete_version(session: Session, version_id: int) -> None:
    session.execute(sa.delete(ModelExport).where(ModelExport.version_id == version_id))
    session.execute(sa.delete(ModelAlias).where(ModelAlias.version_id == version_id))
    session.execute(sa.delete(ModelVersion).where(ModelVersion.id == version_id))


def delete_model(session: Session, model_id: int) -> None:
    """With all of its versions. Their files are the caller's."""
    versions = sa.select(ModelVersion.id).where(ModelVersion.model_id == model_id)
    session.execute(sa.delete(ModelExport).where(ModelExport.version_id.in_(versions)))
    for table in (ServedModel, ServedMinute, ServedRequest, ModelGate, ModelAlias, ModelVersion):
        session.execute(sa.delete(table).where(table.model_id == model_id))
    session.execute(sa.delete(RegisteredModel).where(RegisteredModel.id == model_id))


def _among(table: type[ModelVersion | ModelGate], rows: Iterable[int], name: str | None) -> sa.ColumnElement[bool]:
    """All, or those of the one model that was named."""
    return sa.true() if name is None else table.model_id.in_(rows)


def _versions(session: Session, condition: sa.ColumnElement[bool]) -> list[VersionRecord]:
    """The newest of each model first."""
    query = (
        sa.select(ModelVersion, RegisteredModel.name)
        .join(RegisteredModel, RegisteredModel.id == ModelVersion.model_id)
        .where(condition)
        .order_by(RegisteredModel.name, ModelVersion.number.desc())
    )
    rows = session.execute(query).all()
    aliases: dict[int, list[str]] = {}
    for batch in batches([row.id for row, _ in rows]):
        for alias in session.scalars(sa.select(ModelAlias).where(ModelAlias.version_id.in_(batch))):
            aliases.setdefault(alias.version_id, []).append(alias.alias)
    return [_record(row, name, aliases.get(row.id, [])) for row, name in rows]


def _record(row: ModelVersion, model: str, aliases: list[str]) -> VersionRecord:
    values = {column.key: getattr(row, column.key) for column in ModelVersion.__table__.columns}
    # Whatever another program wrote into a row, one that cannot be read must not hide all the others.
    values |= {name: values[name] if isinstance(values[name], dict) else {} for name in _OBJECTS}
    values["stage"] = Stage(row.stage) if row.stage in set(Stage) else Stage.NONE
    return VersionRecord(model=model, aliases=tuple(sorted(aliases, key=lambda a: (a != "champion", a))), **values)
