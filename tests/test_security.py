"""Addresses and browsers: nobody is led to another site, and the settings decide hosts, TLS and the cookie."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from registry import create_app
from registry.i18n import local_path
from tests.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from registry.settings import Settings
    from tests.factories import Factory


@pytest.mark.parametrize(
    "path",
    [
        *("//evil.example/", "/\t/evil.example/", "/\n/evil.example", "/\r/evil.example", "/\\evil.example"),
        *("https://evil.example/", "evil.example", "javascript:alert(1)", " /today", ""),
    ],
)
def test_the_language_switch_leads_to_no_other_site(app: Flask, path: str) -> None:
    browser = Client(app)
    token = browser.get("/sign-in").select("input[name=csrf_token]")[0]["value"]
    answer = browser.http.post("/language", data={"csrf_token": token, "language": "en", "next": path})
    assert answer.location == "/"


@pytest.mark.parametrize("path", ["/", "/today", "/children/?page=2&area=320402", "/search?term=%E5%BC%A0"])
def test_a_path_of_this_site_is_kept_as_it_is(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/audit/events?start=0001-01-01", 422),
        ("auditor", "/audit/events?end=9999-12-31", 422),
        ("administrator", f"/accounts?page={10**30}", 200),
        ("administrator", f"/accounts?page=-{10**30}", 200),
        ("administrator", f"/accounts?page={'9' * 5000}", 200),
    ],
)
@pytest.mark.database
def test_an_address_made_up_by_somebody_is_answered(
    client_as: Callable[..., Client], role: str, path: str, status: int
) -> None:
    client_as(role).get(path, status=status)


@pytest.mark.parametrize("version", ["9" * 5000, "9" * 30, "-1", "²", ""])
def test_a_version_made_up_by_somebody_is_no_version(
    make: Factory, client_as: Callable[..., Client], version: str
) -> None:
    office = make.office("education", "320402000000")
    referral = make.referral(make.child(), office)
    page = client_as(make.user("officer", office=office)).get(f"/referrals/{referral.id}")
    page.submit({"accept-version": version}, form="form[action$='/accept']", status=409)


def test_only_the_named_hosts_are_answered(settings: Settings) -> None:
    browser = create_app(replace(settings, hosts=("register.example",))).test_client()
    assert browser.get("/sign-in", base_url="http://register.example").status_code == 200
    refused = browser.get("/sign-in", base_url="http://evil.example")
    assert refused.status_code == 400
    assert "evil.example" not in refused.text


@pytest.mark.parametrize(("https", "cookie"), [(True, "__Host-registry"), (False, "registry")])
def test_over_tls_the_cookie_is_this_host_s_alone_and_browsers_come_by_tls_only(
    settings: Settings, https: bool, cookie: str
) -> None:
    browser = create_app(replace(settings, https=https)).test_client()
    answer = browser.get("/sign-in", base_url=f"http{'s' if https else ''}://localhost")
    [sent] = answer.headers.getlist("Set-Cookie")
    assert sent.startswith(f"{cookie}=")
    assert ("Secure" in sent) is https
    assert "Domain" not in sent
    assert ("Strict-Transport-Security" in answer.headers) is https
