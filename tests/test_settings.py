"""Settings: read from the environment, and refused with words for the operator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path


def environment(folder: Path, mode: int = 0o600, **other: str) -> dict[str, str]:
    secret = folder / "secret"
    secret.write_text("0123456789abcdef" * 2, encoding="ascii")
    secret.chmod(mode)
    needed = {"REGISTRY_DATABASE_URL": "sqlite://", "REGISTRY_KEY_FILE": str(folder / "registry.key")}
    return needed | {"REGISTRY_SECRET_FILE": str(secret)} | other


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_secret_that_others_may_use_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SettingsError, match="chmod 600"):
        Settings.from_environment(environment(tmp_path, mode))


def test_a_secret_of_one_s_own_is_read(tmp_path: Path) -> None:
    assert Settings.from_environment(environment(tmp_path)).secret_key == "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("written", "hosts"),
    [("", ()), ("a.example", ("a.example",)), ("a.example, b.example", ("a.example", "b.example"))],
)
def test_hosts_are_named_with_commas_between_and_none_means_any(
    tmp_path: Path, written: str, hosts: tuple[str, ...]
) -> None:
    assert Settings.from_environment(environment(tmp_path, REGISTRY_HOSTS=written)).hosts == hosts
