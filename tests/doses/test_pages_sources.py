"""What a box of the certificate takes, and where a day is said to be known from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.doses.clinic import doses

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.doses.clinic import Clinic

BCG_1, JE_1 = "dose-BCG-1", "dose-JE-L-1"


def test_a_box_takes_the_vaccines_of_its_line_and_points_to_the_free_list_for_others(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    page = client_as(clinic.user, language=language).get(f"/doses/{clinic.referred().id}")
    page = page.submit({BCG_1: "MMR 20241101", JE_1: "JE-I 20241102"}, status=422)
    assert set(page.errors) == {BCG_1}
    assert {"zh": "其他疫苗和其余剂次", "en": "other vaccines and further doses"}[language] in page.errors[BCG_1]
    assert doses(app) == []
    page.submit({BCG_1: "", "other-1": "MMR 20241101"})
    assert sorted(each.vaccine for each in doses(app)) == ["JE-I", "MMR"]


def test_a_guardians_word_is_entered_as_one_kept_and_not_counted(
    app: Flask, client_as: Callable[..., Client], clinic: Clinic, language: str
) -> None:
    page = client_as(clinic.user, language=language).get(f"/doses/{clinic.referred().id}")
    assert {"zh": "家长口述：保留，不计入", "en": "The guardian's word: kept, not counted"}[language] in page.text
    page = page.submit({BCG_1: "20240301", "source": "guardian"})
    assert [(each.vaccine, each.source) for each in doses(app)] == [("BCG", "guardian")]
    assert BCG_1 in dict(page.values()), "its box waits for the certificate"
    page.submit({BCG_1: "20240301", "source": "rumour"}, status=422)
