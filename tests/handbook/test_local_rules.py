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

LOCAL = {"zh": "含本地规则", "en": "With the local rules of this deployment"}


@pytest.fixture
def reader(client_as: Callable[..., Client], language: str, tmp_path: Path) -> Iterator[Client]:
    """Somebody at a deployment where a bureau accepts within 8 working days."""
    browser = client_as("official", language=language)
    (tmp_path / "services.toml").write_text("[education]\naccept_days = 8\n", encoding="utf-8")
    use_overlay(tmp_path)
    yield browser
    use_overlay(None)


def test_the_contents_say_that_there_are_local_rules_and_lead_to_them(reader: Client) -> None:
    (link,) = reader.get("/handbook/").select(".app-notice a")
    page = reader.get(str(link["href"]))
    cells = [cell.get_text(strip=True) for cell in page.select("tbody td")]
    assert cells == ["services.toml education.accept_days", "10", "8"]


def test_the_chapters_follow_them(reader: Client, language: str) -> None:
    said = {"zh": "8个工作日", "en": "8 working days"}[language]
    assert all(said in reader.get(f"/handbook/{name}").text for name in ("steps", "services", "limits"))


def test_the_paper_says_so_on_its_first_page(reader: Client, language: str) -> None:
    first = Document(reader.http.get(f"/handbook/print/{language}.pdf").data).pages[0]
    assert "".join(LOCAL[language].split()) in "".join(first.split())
