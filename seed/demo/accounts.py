"""The demonstration accounts: in each city one per role, and an officer of each kind of service office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seed.demo.places import CITIES, City, home_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLES = (
    # suffix of the user name, role, kind of office, length of its area code, name of the person
    ("registrar", "registrar", None, 12, "王秀芳"),
    ("supervisor", "supervisor", "township", 9, "赵国强"),
    ("county", "supervisor", "civil_affairs", 6, "孙立新"),
    ("education", "officer", "education", 6, "周启明"),
    ("clinic", "officer", "clinic", 9, "林慧"),
    ("protection", "protection_officer", "civil_affairs", 6, "何静"),
    ("protection2", "protection_officer", "civil_affairs", 6, "韩雪梅"),
    ("civil", "officer", "civil_affairs", 6, "邓丽华"),  # the last one of an office has done what was done there
    ("police", "officer", "police", 9, "高建军"),
    ("health", "officer", "health", 6, "程素梅"),
    ("insurance", "officer", "insurance", 6, "吕文静"),
    ("disability", "officer", "disability", 6, "罗德明"),
    ("legal", "officer", "legal_aid", 6, "宋正平"),
    ("centre", "officer", "community_centre", 9, "叶春燕"),
    ("official", "official", "government", 0, "沈国庆"),
    ("administrator", "administrator", "administration", 0, "陆志明"),
    ("auditor", "auditor", "audit", 0, "钱文"),
)
WORDS = {
    "registrar": "registers households 登记",
    "supervisor": "reviews files 督导",
    "county": "chases what is overdue 区县督导",
    "education": "answers education referrals 就学",
    "clinic": "answers vaccination referrals 接种",
    "protection": "protected files 保密档案",
    "protection2": "the second pair of eyes 复核",
    "civil": "answers social assistance 救助",
    "police": "answers identity referrals 户口",
    "health": "birth certificates, health checks 卫生健康",
    "insurance": "answers medical insurance 医保",
    "disability": "services for disabled children 残联",
    "legal": "answers legal aid 法律援助",
    "centre": "children's centre 儿童之家",
    "official": "sees numbers 统计",
    "administrator": "keeps accounts 账号",
    "auditor": "sees who read what 审计",
}


@dataclass(frozen=True)
class Account:
    """An account to be made, at the office of this kind and area."""

    username: str
    role: str
    office_kind: str
    area: str
    name: str


def accounts(city: City) -> Iterator[Account]:
    """Return the accounts of a city, all around its home community."""
    home = home_of(city).code
    for suffix, role, kind, digits, name in ROLES:
        area = (home[:digits] if digits else city.stem).ljust(12, "0")
        own = "village" if city.side == "sending" else "community"
        yield Account(f"{city.name}-{suffix}", role, kind or own, area, name)


def table() -> list[str]:
    """Return the lines that list the accounts for the operator."""
    lines = [f"  {'changzhou-' + suffix:<26}{WORDS[suffix]}" for suffix, *_ in ROLES]
    others = ", ".join(f"{city.name}-…" for city in CITIES[1:])
    return ["Accounts (receiving city Changzhou 常州):", *lines, f"and the same for {others}"]
