"""Named queries from a room's `queries.sql`.

A query begins with `-- name: open_cases`, then one line of purpose, then SQL with `%(word)s` parameters.
"""

import re
from dataclasses import dataclass
from importlib import resources

_NAME = re.compile(r"^-- name: (?P<name>[a-z][a-z0-9_]*)\n-- (?P<purpose>[^\n]+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Query:
    """One named statement of a room."""

    name: str
    purpose: str
    text: str


class Queries:
    """The statements of one room, by name: `Q.open_cases`."""

    def __init__(self, room: str) -> None:
        self._queries = parse(resources.files(room).joinpath("queries.sql").read_text("utf-8"))

    def __getattr__(self, name: str) -> Query:
        try:
            return self._queries[name]
        except KeyError:
            raise AttributeError(f"no query named {name}") from None

    def __iter__(self):
        return iter(self._queries.values())


def parse(text: str) -> dict[str, Query]:
    """Split a `queries.sql` into its queries.

    Raises:
        ValueError: a name is used twice; rename one.
    """
    heads = list(_NAME.finditer(text))
    queries: dict[str, Query] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        body = text[head.end() : following.start() if following else len(text)].strip()
        if head["name"] in queries:
            raise ValueError(f"query {head['name']} stands twice")
        queries[head["name"]] = Query(head["name"], head["purpose"], body)
    return queries
