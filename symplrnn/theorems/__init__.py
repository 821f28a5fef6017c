"""The theorems, one file each: statement, hypotheses as data, and the check of a region against them.

Every file of this folder is imported, so that a theorem is added by its file: its check enters `REGION_CHECKS` by itself.
"""

from importlib import import_module
from pkgutil import iter_modules

from symplrnn.theorems.base import Hypothesis, Theorem, Verdict
from symplrnn.theorems.c1 import C1, check_c1
from symplrnn.theorems.e1 import E1, check_e1
from symplrnn.theorems.e2 import E2, check_e2
from symplrnn.theorems.e3 import E3, check_e3
from symplrnn.theorems.e4 import E4, cases_by_number, check_e4, how_many
from symplrnn.theorems.e5 import E5, check_e5, smallest_lift
from symplrnn.theorems.e6 import E6, check_e6
from symplrnn.theorems.e7 import E7, check_e7
from symplrnn.theorems.g1 import G1, check_g1
from symplrnn.theorems.g2 import G2, p_matrix_truth
from symplrnn.theorems.published import PUBLISHED, check_published

__all__ = [
    "C1",
    "E1",
    "E2",
    "E3",
    "E4",
    "E5",
    "E6",
    "E7",
    "G1",
    "G2",
    "PUBLISHED",
    "Hypothesis",
    "Theorem",
    "Verdict",
    "cases_by_number",
    "check_c1",
    "check_e1",
    "check_e2",
    "check_e3",
    "check_e4",
    "check_e5",
    "check_e6",
    "check_e7",
    "check_g1",
    "check_published",
    "how_many",
    "p_matrix_truth",
    "smallest_lift",
]

for _found in iter_modules(__path__):
    import_module(f"{__name__}.{_found.name}")
