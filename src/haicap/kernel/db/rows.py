"""Models from plain SQL, for pages that must be quick: compiling a statement through the ORM costs more than running it.

A statement names its columns by `columns(Model, "alias")`; `read` makes the models of each row again. Where a joined
row is missing (a left join), its model is None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import JSONField, Model

M = TypeVar("M", bound=Model)


def columns(model: type[Model], alias: str) -> str:
    """The columns of `model` under a table's `alias`, as a select list wants them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def read(sql: str, values: Mapping[str, Any], *models: type[Model]) -> list[tuple[Any, ...]]:
    """The rows of `sql`, each as a tuple of the models whose columns it selects, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    return [made(row, *models) for row in rows]


def made(row: tuple[Any, ...], *models: type[Model]) -> tuple[Any, ...]:
    """The models whose columns one `row` holds, in their order; for statements that select other things before them."""
    return _instances(row, [_shape(model) for model in models])


Shape = tuple[type[Model], tuple[str, ...], int, tuple[tuple[int, Callable[[Any], Any]], ...]]


@lru_cache(maxsize=256)
def _shape(model: type[Model]) -> Shape:
    """A model, its attribute names, the place of its key, and what must be read out of text."""
    fields = model._meta.concrete_fields
    names = tuple(field.attname for field in fields)
    key = next((place for place, field in enumerate(fields) if field.primary_key), 0)
    texts = tuple((place, _of_json) for place, field in enumerate(fields) if isinstance(field, JSONField))
    return model, names, key, texts


def _of_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _instances(row: tuple[Any, ...], shapes: list[Shape]) -> tuple[Any, ...]:
    made: list[Model | None] = []
    start = 0
    for model, names, key, texts in shapes:
        values = list(row[start : start + len(names)])
        start += len(names)
        if values[key] is None:
            made.append(None)
            continue
        for place, reader in texts:
            values[place] = reader(values[place])
        made.append(model.from_db("default", names, values))
    return tuple(made)
