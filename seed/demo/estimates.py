"""Invented estimates: how many children there may be, around as many as the demonstration registers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from registry.areas.codes import full
from registry.children.populations import count_by_population
from registry.clock import now
from registry.coverage.models import Estimate

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from seed.demo.places import City

LOW, HIGH = 160, 210  # of a hundred registered: somewhat more than half are
TOO_LOW, TOO_HIGH = 90, 120  # of one county, whose estimate is to be checked
SOURCES = {
    "migrant_monitoring": ("示例：公安实有人口", "未满16周岁，户籍在其他县（市、区），居住满6个月"),
    "migrant_statistical": ("示例：公安实有人口", "未满16周岁，户籍在其他乡镇（街道），居住满6个月"),
    "left_behind": ("示例：民政部门摸排", "未满16周岁，父母双方外出满6个月，或一方外出另一方无监护能力"),
}


def load_estimates(session: Session, city: City, on: date, made_by: UUID) -> None:
    """Record estimates of a city and its counties, except for the last one: there it is unknown."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in count_by_population((city.stem,)):
        for population in each.populations:
            counted[each.district, population] += each.number
            counted[city.stem, population] += each.number
    counties = sorted({district for district, _population in counted} - {city.stem})
    for (district, population), number in sorted(counted.items()):
        if number == 0 or (district in counties[-1:] and len(counties) > 1):
            continue
        checked = len(counties) > 1 and district == counties[0]
        low, high = (TOO_LOW, TOO_HIGH) if checked else (LOW, HIGH)
        source, definition = SOURCES[population]
        session.add(
            Estimate(
                area_code=full(district),
                population=population,
                low=max(1, number * low // 100),
                high=max(1, number * high // 100),
                source=source,
                as_of=date(on.year, 1, 1),
                definition=definition,
                made_by=made_by,
                made_at=now(),
            )
        )
