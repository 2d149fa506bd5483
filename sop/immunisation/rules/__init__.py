"""The named rules by which courses are judged, each with its numbers in the schedule's cells."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sop.immunisation.rules.alternatives import Encephalitis, HepatitisA
from sop.immunisation.rules.measles import Measles
from sop.immunisation.rules.meningitis import GroupA, GroupAc
from sop.immunisation.rules.pertussis import Pertussis
from sop.immunisation.rules.plain import Plain
from sop.immunisation.rules.polio import Polio
from sop.immunisation.rules.single import Bcg, Hpv

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final[Mapping[str, type[Plain]]] = MappingProxyType(
    {
        "plain": Plain,
        "bcg": Bcg,
        "polio": Polio,
        "pertussis": Pertussis,
        "measles": Measles,
        "encephalitis": Encephalitis,
        "group_a": GroupA,
        "group_ac": GroupAc,
        "hepatitis_a": HepatitisA,
        "hpv": Hpv,
    }
)
