"""The administrator's page of background work: states, counts and kinds of fault, nothing about anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.jobs.words import NAMES, STATES
from registry.jobs.worker import work_off

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.client import Client
    from tests.jobs.conftest import Walk

WORDS = {"zh": ("后台任务", "完成"), "en": ("Background work", "Done")}


def test_the_page_tells_what_was_done_and_what_failed(
    app: Flask, walk: Walk, put_in: Callable[..., bool], client_as: Callable[..., Client], language: str
) -> None:
    put_in("walk", "2026-11-20")
    work_off(app)
    page = client_as("administrator", language=language).get("/jobs/")
    heading, done = WORDS[language]
    assert page.h1 == heading
    (row,) = page.select("tbody tr")
    assert "2026-11-20" in row.get_text()
    assert done in row.get_text()


def test_before_the_first_night_the_page_says_how_to_start_a_worker(client_as: Callable[..., Client]) -> None:
    assert "在网页服务之外启动后台程序" in client_as("administrator").get("/jobs/").text


@pytest.mark.parametrize("role", ["registrar", "supervisor", "official", "auditor"])
def test_it_is_the_administrators_page(role: str, client_as: Callable[..., Client]) -> None:
    client_as(role).get("/jobs/", status=403)


def test_every_nightly_function_and_every_state_has_words(app: Flask) -> None:
    nightly = {name for name, each in app.extensions["jobs"].items() if each.nightly}
    assert nightly <= NAMES.keys()
    assert STATES.keys() == {"waiting", "running", "done", "failed", "passed"}
