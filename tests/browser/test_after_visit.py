"""At the door and after: a round of visits, and a report of harm that nobody finds but who may see it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from registry.clock import today
from sop.version import in_force
from tests.browser import acts, acts_moves
from tests.browser.acts import SEND, Family
from tests.documents import A4, Document

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    from tests.browser.visitor import Visitor

    Visit = Callable[..., Visitor]

SEEN = "手臂上有新旧淤青"  # what the registrar saw
CALLED = "接警员说马上派人"
SHEET = ".app-sheet tbody tr:has(td)"
FILL_UP = """([sheet, most]) => {
  const rows = [...document.querySelectorAll(sheet)];
  for (let place = rows.length; place < most; place++) {
    rows[0].parentNode.append(rows[place % rows.length].cloneNode(true));
  }
}"""  # up to as many families as the procedure puts on one sheet
HOME = "320402008901"  # the community of changzhou-registrar
RECORD = 'main a[href^="/visits/"][href*="-"]'


def test_a_family_that_was_seen_and_in_which_nothing_has_changed_leaves_the_round(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    fall_due(registrar)
    registrar.open("/")
    address = registrar.page.locator(RECORD).first.get_attribute("href")
    registrar.press(f'main a[href="{address}"]')
    for box in registrar.page.locator('input[name="seen"], input[name="told"]').all():
        registrar.page.locator(f'label[for="{box.get_attribute("id")}"]').click()
    registrar.press('button[name="changed"][value="no"]')
    assert registrar.path == "/today"
    assert registrar.page.locator(".app-notice--done").count() == 1
    assert registrar.page.locator(f'a[href="{address}"]').count() == 0
    registrar.open("/visits/round")
    assert registrar.page.locator(f'a[href="{address}"]').count() == 0


def test_the_round_of_today_is_printed_on_one_page_of_a4(visit: Visit) -> None:
    registrar = visit("changzhou-registrar")
    fall_due(registrar)
    registrar.open("/visits/round")
    families = registrar.page.locator("main .app-card").count()
    assert families > 1
    assert registrar.page.locator(SHEET).count() == families, "every family stands on the sheet"
    most = in_force(today()).visits.round_families
    registrar.page.evaluate(FILL_UP, [SHEET, most])
    assert registrar.page.locator(SHEET).count() == most
    paper = Document(registrar.page.pdf(prefer_css_page_size=True))
    assert len(paper.pages) == 1
    assert paper.sizes == {A4}


def test_nobody_but_the_reporter_and_the_protection_officer_finds_a_word_of_a_report_of_harm(
    visit: Visit, number: itertools.count[int]
) -> None:
    family = Family(next(number))
    registrar = visit("changzhou-registrar")
    acts.register(registrar, family)
    acts.send(registrar)
    file = acts_moves.open_found(registrar, family.elder)
    report = write_report(registrar, family)

    for others in ("changzhou-supervisor", "changzhou-education", "zhongshan-registrar", "changzhou-auditor"):
        look_everywhere(visit(others), file, report)
    look_at_file(registrar, file)

    officer = visit("changzhou-protection")
    officer.press('nav a[href="/protection/reports"]')
    officer.press(f'main .app-card:has-text("{family.elder}") a[href*="/after-visit/report/"]')
    assert officer.path == report
    told = officer.main.inner_text()
    assert family.elder in told
    assert SEEN in told
    assert CALLED in told


def fall_due(registrar: Visitor) -> None:
    """Let weeks pass without a visit: every family of the community is due, more than one round holds."""
    due = today() - timedelta(days=3)
    with closing(sqlite3.connect(registrar.site.database, timeout=15)) as database, database:
        wanted = "area_code = ? AND (visited_on IS NULL OR visited_on < ?)"
        database.execute(f"UPDATE household SET visit_due = ? WHERE {wanted}", (f"{due}", HOME, f"{today()}"))


def write_report(registrar: Visitor, family: Family) -> str:
    """From the open file report harm after the visit; returns the path of the report."""
    registrar.press('main a[href*="/after-visit/"]')
    registrar.press('button[name="begin"]')
    assert family.elder in registrar.main.inner_text()
    registrar.choose(urgency="now", kinds="physical", phoned="police")
    registrar.fill(happened=SEEN, phoned_how=CALLED)
    registrar.press(SEND)
    assert SEEN in registrar.main.inner_text()
    return registrar.path


def look_everywhere(visitor: Visitor, file: str, report: str) -> None:
    """Look for the report on every page that the role leads to, on the child's pages, and at its own address."""
    links = {str(link.get_attribute("href")) for link in visitor.page.locator("nav a, footer a").all()}
    child = file.rsplit("/", 1)[-1]
    beside = {file, f"/changes/{child}/history", f"/after-visit/{child}", "/after-visit", "/protection/reports"}
    for path in sorted(links | beside | {report, f"/protection/reports/{report.rsplit('/', 1)[-1]}/sheet"}):
        answer = visitor.read(path)
        page = answer.text()
        assert SEEN not in page, path
        assert CALLED not in page, path
        assert report not in page or answer.url.endswith(report), path
    assert visitor.read(report).status in (403, 404)


def look_at_file(registrar: Visitor, file: str) -> None:
    """Not even the reporter's own page of the child, which a family may see, says that there is a report."""
    registrar.open(file)
    assert "/after-visit/report" not in registrar.page.content()
    said = registrar.page.locator("body").inner_text().lower()
    for word in (SEEN, CALLED, "报告", "侵害", "伤害", "harm", "police", "report"):
        assert word not in said, word
