"""Count with the writes: triggers keep counts of children and referrals, rolled up over areas, whoever writes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005_count_with_the_writes"
down_revision = "0004_import_ledgers"
branch_labels = None
depends_on = None

BIRTH = ("sex", "birth_year", "birth_month")
POPULATIONS = ("migrant_monitoring", "migrant_statistical", "left_behind")
COUNTED_CHILD = "{c}.status = 'registered' AND {c}.merged_into IS NULL"
COUNTED_EPISODE = "{e}.latest AND {e}.status IN ('pending', 'active')"
CHILD_COLUMNS = ", ".join(("area_code", *BIRTH, *POPULATIONS))
REFERRAL_COLUMNS = "area_code, service, result"
OF_EPISODE = ("child_id", "area_code", "latest", "status", *POPULATIONS)
OF_CHILD = ("status", "merged_into", *BIRTH)
OF_REFERRAL = ("area_code", "service", "state", "outcome_kind")
TABLES = ("child_tally", "population_tally", "child_tally_delta", "referral_tally", "referral_tally_delta")
THIS_MONTH = {  # by the wall clock of the offices
    "sqlite": "(strftime('%Y-%m', 'now', '+8 hours'))",
    "postgresql": "to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')",
}
TRIGGERS = (
    ("tally_episode_added", "episode"),
    ("tally_episode_changed", "episode"),
    ("tally_episode_removed", "episode"),
    ("tally_child_changed", "child"),
    ("tally_referral_added", "referral"),
    ("tally_referral_changed", "referral"),
    ("tally_referral_removed", "referral"),
)
LEVELS = {  # an area as a level counts it: county (a city without counties: its towns), town, community
    6: "substr(substr({a}, 1, CASE WHEN substr({a}, 5, 2) = '00' THEN 9 ELSE 6 END) || '000000', 1, 12)",
    9: "substr({a}, 1, 9) || '000'",
    12: "{a}",
}


def child_values(episode: str, child: str) -> str:
    """Return the expressions of CHILD_COLUMNS for rows or names of rows of the two tables."""
    of_child = (f"{child}.{name}" for name in BIRTH)
    return ", ".join((f"{episode}.area_code", *of_child, *(f"{episode}.{name}" for name in POPULATIONS)))


def child_delta(episode: str, child: str, source: str, n: str) -> str:
    """Return the statement that counts what `source` gives, where it is to be counted at all."""
    counted = f"{COUNTED_EPISODE.format(e=episode)} AND {COUNTED_CHILD.format(c=child)}"
    values = child_values(episode, child)
    return f"INSERT INTO child_tally_delta ({CHILD_COLUMNS}, n) SELECT {values}, {n} FROM {source} AND {counted}"


def episode_delta(episode: str, n: str) -> str:
    """Count an episode (OLD, NEW) with its child as it is now."""
    return child_delta(episode, "c", f"child c WHERE c.id = {episode}.child_id", n)


def of_child_delta(child: str, n: str) -> str:
    """Count a child (OLD, NEW) with its latest episode as it is now."""
    return child_delta("e", child, f"episode e WHERE e.child_id = {child}.id", n)


def result(of: str) -> str:
    """Return the result of a referral: what was withdrawn is unsolved."""
    return (
        f"CASE {of}.state WHEN 'withdrawn' THEN 'unsolved' "
        f"WHEN 'closed' THEN coalesce({of}.outcome_kind, 'unsolved') ELSE 'open' END"
    )


def referral_delta(of: str, n: str) -> str:
    """Count a referral (OLD, NEW) unless it is a draft."""
    values = f"{of}.area_code, {of}.service, {result(of)}, {n}"
    return f"INSERT INTO referral_tally_delta ({REFERRAL_COLUMNS}, n) SELECT {values} WHERE {of}.state <> 'draft'"


def changed(columns: tuple[str, ...], differ: str) -> str:
    """Return the condition that something that counts has become another."""
    before, after = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return f"({before}) {differ} ({after})"


def sqlite() -> list[str]:
    """Row by row: SQLite has one writer, so that what a trigger reads is what holds."""

    def trigger(name: str, event: str, table: str, body: tuple[str, ...], when: str = "") -> str:
        return f"CREATE TRIGGER {name} AFTER {event} ON {table} {when} BEGIN {'; '.join(body)}; END"

    def update(name: str, table: str, columns: tuple[str, ...], body: tuple[str, ...]) -> str:
        when = f"WHEN {changed(columns, 'IS NOT')}"
        return trigger(name, f"UPDATE OF {', '.join(columns)}", table, body, when)

    episode = episode_delta("OLD", "-1"), episode_delta("NEW", "1")
    child = of_child_delta("OLD", "-1"), of_child_delta("NEW", "1")
    referral = referral_delta("OLD", "-1"), referral_delta("NEW", "1")
    return [
        trigger("tally_episode_added", "INSERT", "episode", episode[1:]),
        update("tally_episode_changed", "episode", OF_EPISODE, episode),
        trigger("tally_episode_removed", "DELETE", "episode", episode[:1]),
        update("tally_child_changed", "child", OF_CHILD, child),
        trigger("tally_referral_added", "INSERT", "referral", referral[1:]),
        update("tally_referral_changed", "referral", OF_REFERRAL, referral),
        trigger("tally_referral_removed", "DELETE", "referral", referral[:1]),
    ]


def postgresql() -> list[str]:
    """Insertions by the statement (COPY too), the rest by the row.

    Two transactions may change a child and its episode at once, each seeing the other's row as it was. So whoever
    changes a child waits for its episodes first, and only then looks at the latest: in the order child, episode, as
    the application holds rows. Each statement of such a function sees what was committed before it began.
    """
    wait = "PERFORM 1 FROM episode WHERE child_id = NEW.id ORDER BY id FOR NO KEY UPDATE"
    added_children = child_delta("e", "c", "added e JOIN child c ON c.id = e.child_id WHERE true", "count(*)")
    added_referrals = (
        f"INSERT INTO referral_tally_delta ({REFERRAL_COLUMNS}, n) "
        f"SELECT r.area_code, r.service, {result('r')}, count(*) FROM added r WHERE r.state <> 'draft' GROUP BY 1, 2, 3"
    )
    functions = {
        "tally_episode_added": (f"{added_children} GROUP BY {child_values('e', 'c')}",),
        "tally_episode_changed": (episode_delta("OLD", "-1"), episode_delta("NEW", "1")),
        "tally_episode_removed": (episode_delta("OLD", "-1"),),
        "tally_child_changed": (wait, of_child_delta("OLD", "-1"), of_child_delta("NEW", "1")),
        "tally_referral_added": (added_referrals,),
        "tally_referral_changed": (referral_delta("OLD", "-1"), referral_delta("NEW", "1")),
        "tally_referral_removed": (referral_delta("OLD", "-1"),),
    }
    columns = {"episode": OF_EPISODE, "child": OF_CHILD, "referral": OF_REFERRAL}
    made = [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {'; '.join(body)}; RETURN NULL; END $$"
        for name, body in functions.items()
    ]
    for name, table in TRIGGERS:
        kind = name.rpartition("_")[2]
        told = {
            "added": f"AFTER INSERT ON {table} REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
            "changed": f"AFTER UPDATE OF {', '.join(columns[table])} ON {table} FOR EACH ROW "
            f"WHEN ({changed(columns[table], 'IS DISTINCT FROM')})",
            "removed": f"AFTER DELETE ON {table} FOR EACH ROW",
        }[kind]
        made.append(f"CREATE TRIGGER {name} {told} EXECUTE FUNCTION {name}()")
    return made


def count_in_full() -> None:
    """Count what is there. The triggers stand already, and nobody writes until both are committed.

    Nobody knows any more in which month a child was counted first: it is that of the day it was registered.
    """
    children = (
        f"episode e JOIN child c ON c.id = e.child_id "
        f"WHERE {COUNTED_EPISODE.format(e='e')} AND {COUNTED_CHILD.format(c='c')}"
    )
    month = "substr(CAST(e.registered_on AS VARCHAR), 1, 7)"
    rolled_up = {  # table: its columns, their values, what is counted
        "child_tally": (BIRTH, [f"c.{name}" for name in BIRTH], "e.area_code", children),
        "population_tally": (
            ("month", "sex", *POPULATIONS),
            [month, "c.sex", *(f"e.{name}" for name in POPULATIONS)],
            "e.area_code",
            children,
        ),
        "referral_tally": (
            ("service", "result"),
            ["r.service", result("r")],
            "r.area_code",
            "referral r WHERE r.state <> 'draft'",
        ),
    }
    for table, (columns, values, area, source) in rolled_up.items():
        for digits, place in LEVELS.items():
            groups = ", ".join(str(number) for number in range(2, len(columns) + 3))
            op.execute(
                f"INSERT INTO {table} (digits, area_code, {', '.join(columns)}, n) "
                f"SELECT {digits}, {place.format(a=area)}, {', '.join(values)}, count(*) "
                f"FROM {source} GROUP BY {groups}"
            )


def create_tables() -> None:
    area = ("area_code", sa.String(length=12))
    birth = (("sex", sa.String(length=1)), ("birth_year", sa.Integer()), ("birth_month", sa.Integer()))
    populations = tuple((name, sa.Boolean()) for name in POPULATIONS)
    referral = (("service", sa.String(length=24)), ("result", sa.String(length=8)))
    sums: dict[str, tuple[tuple[str, Any], ...]] = {
        "child_tally": birth,
        "population_tally": (("month", sa.String(length=7)), birth[0], *populations),
        "referral_tally": referral,
    }
    for name, dimensions in sums.items():
        key = ("digits", sa.Integer()), area, *dimensions
        op.create_table(
            name,
            *(sa.Column(column, kind, nullable=False) for column, kind in (*key, ("n", sa.Integer()))),
            sa.PrimaryKeyConstraint(*(column for column, _kind in key), name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
    this_month = sa.text(THIS_MONTH[op.get_bind().dialect.name])
    deltas: dict[str, tuple[tuple[tuple[str, Any], ...], list[sa.Column[Any]]]] = {
        "child_tally_delta": (
            (*birth, *populations),
            [sa.Column("month", sa.String(length=7), server_default=this_month, nullable=False)],
        ),
        "referral_tally_delta": (referral, []),
    }
    for name, (dimensions, more) in deltas.items():
        op.create_table(
            name,
            sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
            *more,
            *(sa.Column(column, kind, nullable=False) for column, kind in (area, *dimensions, ("n", sa.Integer()))),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        )


def upgrade() -> None:
    create_tables()
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[op.get_bind().dialect.name]():
        op.execute(statement)
    count_in_full()


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}" if on_postgresql else f"DROP TRIGGER {name}")
        if on_postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    for table in reversed(TABLES):
        op.drop_table(table)
