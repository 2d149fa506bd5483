"""A deployment with local rules says so in its handbook, and follows them in every chapter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sop.version import use_overlay
from tests.documents import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.client import Client

PLACE = {"zh": "服务和转介 › 就学 › 受理时限", "en": "Services and referrals › Education › Accept within"}
LOCAL = {"zh": "含本地规则", "en": "With the local rules of this deployment"}


@pytest.fixture
def reader(client_as: Callable[..., Client], language: str, tmp_path: Path) -> Iterator[Client]:
    """Somebody at a deployment where a bureau accepts within 8 working days."""
    browser = client_as("official", language=language)
    (tmp_path / "services.toml").write_text("[education]\naccept_days = 8\n", encoding="utf-8")
    use_overlay(tmp_path)
    yield browser
    use_overlay(None)


def test_the_contents_say_that_there_are_local_rules_and_lead_to_them(reader: Client, language: str) -> None:
    (link,) = reader.get("/handbook/").select(".app-notice a")
    page = reader.get(str(link["href"]))
    cells = [cell.get_text(strip=True) for cell in page.select("tbody td")]
    assert cells == [PLACE[language], "10", "8"]


def test_the_chapters_follow_them(reader: Client, language: str) -> None:
    said = {"zh": "8个工作日", "en": "8 working days"}[language]
    for name in ("steps", "services", "limits"):
        page = reader.get(f"/handbook/{name}")
        assert said in page.text
        assert LOCAL[language] in page.text


def test_what_differs_in_the_other_language_alone_is_told_as_well(
    reader: Client, tmp_path: Path, language: str
) -> None:
    other = {"zh": "en", "en": "zh"}[language]
    (tmp_path / "services.toml").write_text(f'[education]\nname = {{ {other} = "Somewhere" }}\n', encoding="utf-8")
    use_overlay(None)
    use_overlay(tmp_path)
    (link,) = reader.get("/handbook/").select(".app-notice a")
    assert "Somewhere" in reader.get(str(link["href"])).text


def test_the_paper_says_so_on_its_first_page(reader: Client, language: str) -> None:
    first = Document(reader.http.get(f"/handbook/print/{language}.pdf").data).pages[0]
    assert "".join(LOCAL[language].split()) in "".join(first.split())
