"""Load the names under which people still look for units: former names, other spellings, units closed since 2023.

Each line's code is that of the unit of 30 June 2025 which the name leads to, whatever its type: `renamed`, `kind` and
`spelling` are the unit under another name, `moved` the unit in another district, `closed` a unit that was merged into it,
`folded` and `district-folded` spellings without accents and spaces; of a district, the name of one merged into it.
"""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import connections, transaction

from haicap.domain.units import rules
from haicap.domain.units.commands.nation import DATA
from haicap.domain.units.models import Alias, Unit

ALIASES = "aliases.csv"


def load_aliases(path: Path | str | None = None, *, using: str = "owner") -> int:
    """Load the file `path` (default: the one that the product carries) over the connection `using`.

    Gives how many names were written; 0 where names were loaded before. A line whose unit did not stand on the last
    day before 1 July 2025 is left out: it leads nowhere.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("LOCK TABLE units_alias IN SHARE ROW EXCLUSIVE MODE")
        if Alias.objects.using(using).exists():
            return 0
        units = Unit.objects.using(using).filter(valid_from__lte=rules.FIRST_KNOWN_DAY)
        ids = dict(units.values_list("code", "id"))
        with Path(path or DATA / ALIASES).open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.DictReader(lines) if row["code"] in ids and row["alias"]]
        with cursor.copy("COPY units_alias (unit_id, alias, alias_parent, kind, source, search) FROM STDIN") as copy:
            for row in rows:
                name, parent = row["alias"], row["alias_parent"]
                copy.write_row(
                    (ids[row["code"]], name, parent, row["type"], row["source"], rules.search_text(name, parent))
                )
        cursor.execute("ANALYZE units_alias")
    return len(rows)
