"""The papers that a family brings to a school admission: which, by place, year and stage, and what it still lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from sop.content import SopError, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sop.content import CodeList, Sop
    from sop.reading import Table

AND: Final = "+"  # between papers that count only together
OWN: Final = "own"  # of a list that local rules give its own papers
LAST_YEAR: Final = 2100
REQUIRED: Final = "required"
LISTS: Final[Mapping[str, frozenset[str] | None]] = {
    "admission_stage": frozenset({"kindergarten", "grade_1", "grade_7", "transfer"}),
    "document_form": frozenset({"original", "copy", "both"}),
    "document_need": frozenset({REQUIRED, "where_asked", "if_applicable", "after_entry"}),
    "source_quality": None,
}


@dataclass(frozen=True)
class Paper:
    """One paper as one list asks for it. `form`, `mark`: codes of document_form and source_quality."""

    code: str
    name: Text
    issuer: Text
    form: str
    valid: Text | None
    mark: str


@dataclass(frozen=True)
class Requirement:
    """What is to be shown: one of several ways, each of papers that count together.

    `need`: code of document_need; `when`: in which case it applies, None for always.
    """

    code: str
    name: Text
    need: str
    when: Text | None
    ways: tuple[tuple[Paper, ...], ...]


@dataclass(frozen=True)
class Checklist:
    """The papers of one area (prefix of its code, empty for everywhere) from one year on, None for any year.

    `placement`: how places are given; `mark` and `source`: how sure this is, and where it was read.
    """

    code: str
    name: Text
    area: str
    year: int | None
    stages: tuple[str, ...]
    placement: Text
    notes: tuple[Text, ...]
    mark: str
    source: Text
    requirements: tuple[Requirement, ...]

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Every paper that the list speaks of, once, in its order."""
        named = {paper.code: paper for each in self.requirements for way in each.ways for paper in way}
        return tuple(named.values())


class Lacking(NamedTuple):
    """A requirement that is not met, and the papers missing on the way that lacks the fewest."""

    requirement: Requirement
    missing: tuple[Paper, ...]


@dataclass(frozen=True)
class Documents:
    """Every checklist of a version, by its code."""

    checklists: Mapping[str, Checklist]


def checklist(sop: Sop, area: str, year: int, stage: str) -> Checklist:
    """Return the list in force: of the smallest area around `area` that has one, the newest not after `year`.

    `area`: code of the receiving county, or a longer one; `year`: in whose September the child enters; `stage`: code
    of the list `admission_stage`, any other raises SopError. Where a place has no list the national one answers: a
    proposal made of what places usually ask for (domain 3.4).
    """
    if not sop.codes["admission_stage"].has(stage):
        raise SopError(f"there is no admission to {stage!r}")
    fitting = [
        each
        for each in sop.documents.checklists.values()
        if stage in each.stages and area.startswith(each.area) and (each.year or 0) <= year
    ]
    return max(fitting, key=lambda each: (len(each.area), each.year or 0))


def lacking(asked: Checklist, held: Collection[str]) -> tuple[Lacking, ...]:
    """Return which required papers are still to come; `held`: codes of the papers that the family has.

    What is asked for only in some cases, or checked after term starts as the vaccination certificate is (domain 0.8),
    is never lacking: it keeps no child out.
    """
    required = (each for each in asked.requirements if each.need == REQUIRED)
    found = (Lacking(each, _fewest_missing(each, held)) for each in required)
    return tuple(each for each in found if each.missing)


def _fewest_missing(requirement: Requirement, held: Collection[str]) -> tuple[Paper, ...]:
    missing = (tuple(paper for paper in way if paper.code not in held) for way in requirement.ways)
    return min(missing, key=len)


def read_documents(file: Table, codes: Mapping[str, CodeList]) -> Documents:
    """Build the checklists out of documents.toml, noting every fault; `codes` are the lists of the same version."""
    reader = _Reader(
        codes={name: frozenset(entry.code for entry in codes[name]) for name in LISTS},
        documents=dict(_document(code, table) for code, table in file.table("documents").tables()),
        names={code: words.as_text() for code, words in file.table("requirements").tables()},
    )
    lists: dict[str, Checklist] = {}
    for code, table in file.table("lists").tables():
        lists[code] = reader.checklist(code, table, lists)
    file.finish()
    _check_overlaps(file, lists)
    for stage in sorted(reader.codes["admission_stage"]):
        if not any(each.area == "" and each.year is None and stage in each.stages for each in lists.values()):
            file.fault("lists", f"none holds for {stage} everywhere and in every year")
    return Documents(MappingProxyType(lists))


def _check_overlaps(file: Table, lists: Mapping[str, Checklist]) -> None:
    """Note lists of which nobody can say which one holds: for the same area, year and stage."""
    held: dict[tuple[str, int | None, str], str] = {}
    for code, each in lists.items():
        for stage in each.stages:
            other = held.setdefault((each.area, each.year, stage), code)
            if other != code:
                file.fault("lists", f"{code} holds for {stage} in the same area and year as {other}")


def _document(code: str, table: Table) -> tuple[str, tuple[Text, Text]]:
    said = table.text("name"), table.text("issuer")
    table.finish()
    return code, said


class _Reader(NamedTuple):
    """What the lists of one file are read against: codes, documents (name, issuer), names of requirements."""

    codes: Mapping[str, frozenset[str]]
    documents: Mapping[str, tuple[Text, Text]]
    names: Mapping[str, Text]

    def checklist(self, code: str, table: Table, earlier: Mapping[str, Checklist]) -> Checklist:
        """Read one list; `as_in` names an earlier one whose papers it shares, in place of its own."""
        found = Checklist(
            code=code,
            name=table.text("name"),
            area=table.optional("area") or "",
            year=table.number("year", LAST_YEAR) if "year" in table.values else None,
            stages=table.strings("stages", self.codes["admission_stage"]),
            placement=table.text("placement"),
            notes=tuple(each.as_text() for each in table.listed("notes")) if "notes" in table.values else (),
            mark=self.one_of(table, "mark", "source_quality"),
            source=table.text("source"),
            requirements=(),
        )
        if not re.fullmatch(r"[0-9]{0,12}", found.area):
            table.fault("area", f"{found.area!r} is no prefix of an area code")
        as_in = table.optional("as_in")
        own = as_in in {None, OWN} or "requirements" in table.values
        if own and as_in not in {None, OWN}:
            table.fault("as_in", f"must be {OWN!r} where a list has papers of its own")
        shared = self.requirements(table, found.mark) if own else self.shared(table, as_in or "", earlier)
        table.finish()
        return replace(found, requirements=shared)

    def shared(self, table: Table, name: str, earlier: Mapping[str, Checklist]) -> tuple[Requirement, ...]:
        """Return what the list named by `as_in` asks for."""
        if name not in earlier:
            table.fault("as_in", f"no list {name!r} stands above")
            return ()
        return earlier[name].requirements

    def requirements(self, table: Table, mark: str) -> tuple[Requirement, ...]:
        """Read the papers of a list, and what they are asked for."""
        told = table.table("papers")
        papers = {code: self.paper(code, each, mark) for code, each in told.tables()}
        found = tuple(self.requirement(code, each, papers) for code, each in table.table("requirements").tables())
        used = {paper.code for each in found for way in each.ways for paper in way}
        for code in papers:
            if code not in used:
                told.fault(code, "is asked for by nothing")
        return found

    def paper(self, code: str, table: Table, mark: str) -> Paper:
        """Read one paper of a list, as sure as the list itself unless it says otherwise."""
        if code not in self.documents:
            table.fault("-", "there is no such document")
        name, issuer = self.documents.get(code, (Text("", ""), Text("", "")))
        paper = Paper(
            code=code,
            name=name,
            issuer=issuer,
            form=self.one_of(table, "form", "document_form"),
            valid=table.text("valid") if "valid" in table.values else None,
            mark=self.one_of(table, "mark", "source_quality") if "mark" in table.values else mark,
        )
        table.finish()
        return paper

    def requirement(self, code: str, table: Table, papers: Mapping[str, Paper]) -> Requirement:
        """Read one requirement; each entry of `any_of` is a paper, or several that count together."""
        if code not in self.names:
            table.fault("-", "there is no such requirement")
        ways = [tuple(part.strip() for part in way.split(AND)) for way in table.strings("any_of")]
        for name in sorted({part for way in ways for part in way} - papers.keys()):
            table.fault("any_of", f"{name!r} is no paper of this list")
        found = Requirement(
            code=code,
            name=self.names.get(code, Text("", "")),
            need=self.one_of(table, "need", "document_need"),
            when=table.text("when") if "when" in table.values else None,
            ways=tuple(tuple(papers[part] for part in way if part in papers) for way in ways),
        )
        table.finish()
        return found

    def one_of(self, table: Table, key: str, codes: str) -> str:
        """Take a string that is a code of a list."""
        value = table.string(key)
        if value and value not in self.codes[codes]:
            table.fault(key, f"{value!r} is not known")
        return value
