"""One operation of a GraphQL document, with its variables put in, and bounded.

Fragments, aliases, variables, `@skip` and `@include` are understood; other directives have no effect.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.mlflow.graph_document import MOST_DEEP, Document, Field, GraphError, Selection, Variable

MOST_SELECTED, MOST_ROOTS, MOST_ALIASES = 1000, 10, 10  # as of MLflow 3.17


class Query:
    """One operation of a document, with its variables put in."""

    def __init__(self, text: str, variables: Mapping[str, Any], operation: str = "") -> None:
        """Raises GraphError: it cannot be read, is not there, or asks for more than is answered at once."""
        document = Document(text)
        self._fragments = document.fragments
        named = [each for each in document.operations if not operation or each[0] == operation]
        if len(named) != 1:
            known = ", ".join(name or "one without a name" for name, *_ in document.operations) or "none"
            raise GraphError(f"Which operation is meant? operationName is {operation[:100]!r}, the query has: {known}.")
        _, defaults, self._selected = named[0]
        self._variables = {**defaults, **variables}
        self._bound()

    @property
    def fields(self) -> list[Field]:
        return self.of(self._selected)

    def of(self, selected: Sequence[Selection]) -> list[Field]:
        """The fields among what is selected, those of fragments put in their places."""
        return list(self._flat(selected, set()))

    def _flat(self, selected: Sequence[Selection], seen: set[str]) -> Iterator[Field]:
        """Each fragment once: a second time it adds nothing, and within itself it would never end."""
        for each in selected:
            if not self._is_wanted(each.directives):
                continue
            if isinstance(each, Field):
                yield each
            elif not each.name:
                yield from self._flat(each.selected, seen)
            elif each.name not in seen:
                seen.add(each.name)
                yield from self._flat(self._fragments.get(each.name, ()), seen)

    def _is_wanted(self, directives: Sequence[tuple[str, dict[str, Any]]]) -> bool:
        told = {name: bool(self.value(arguments.get("if"))) for name, arguments in directives}
        return told.get("include", True) and not told.get("skip", False)

    def value(self, given: Any) -> Any:
        """An argument with the variables in it."""
        if isinstance(given, Variable):
            return self._variables.get(given.name)
        if isinstance(given, list):
            return [self.value(each) for each in given]
        return {name: self.value(each) for name, each in given.items()} if isinstance(given, dict) else given

    def _bound(self) -> None:
        """In the words of MLflow's server. Raises GraphError."""
        roots, aliases, count = len(self.fields), 0, 0
        waiting = [(self._selected, 1)]
        while waiting:
            selected, depth = waiting.pop()
            if depth > MOST_DEEP:
                raise GraphError(f"Query exceeds maximum depth of {MOST_DEEP}")
            fields = []
            for field in self._flat(selected, set()):
                count += 1
                if count > MOST_SELECTED:
                    raise GraphError(f"Query exceeds maximum total selections of {MOST_SELECTED}")
                fields.append(field)
            aliases = max(aliases, sum(field.is_renamed for field in fields))
            waiting += [(field.selected, depth + 1) for field in fields if field.selected]
        for what, most, number in (("root fields", MOST_ROOTS, roots), ("aliases", MOST_ALIASES, aliases)):
            if number > most:
                raise GraphError(f"GraphQL queries should have at most {most} {what}, got {number} {what}.")
