"""Why a region has the representation that it has: real, lifted, impulsive or both, and why no simpler one exists.

Reference: docs/theory, section 3, E2, E3, E5 and E6.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KINDS", "PRINCIPAL", "Negative", "Reason", "kind_of"]

KINDS = ("real", "lifted", "impulsive", "lifted+impulsive")
PRINCIPAL = "no eigenvalue is in (-inf, 0]: the principal logarithm is real (E2)"
SINGULAR = "0 is an eigenvalue, and flows are invertible, so a jump at each grid time is needed (E6)"


def kind_of(extra: int, jumps: bool) -> str:
    """Return "real", "lifted", "impulsive" or "lifted+impulsive".

    >>> kind_of(0, False), kind_of(1, True)
    ('real', 'lifted+impulsive')
    """
    return "+".join(name for name, holds in (("lifted", extra > 0), ("impulsive", jumps)) if holds) or "real"


@dataclass(frozen=True)
class Negative:
    """Negative eigenvalues that have one name: an eigenvalue, or roots of a factor.

    Attributes
    ----------
    name : str
        A noun with its article, such as "the eigenvalue -1/4" or "2 roots of x^3 - x + a".
    count, multiplicity : int
        How many eigenvalues they are, and the algebraic multiplicity of each.
    sizes : tuple of int
        The sizes of the Jordan blocks of each; empty if they are not known.
    """

    name: str
    count: int
    multiplicity: int
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reason:
    """Why a system has extra coordinates or a jump, or a logarithm that is not principal, as facts; ``str`` says it in words.

    Attributes
    ----------
    n : int
        Number of states.
    negative : tuple of Negative
    extra : int
        Number of extra coordinates.
    jumps : bool
        Whether 0 is an eigenvalue.
    smallest : bool
        Whether no system has fewer extra coordinates.

    Examples
    --------
    >>> print(Reason(1, (Negative("the eigenvalue -1/4", 1, 1, (1,)),), 1, False))
    the eigenvalue -1/4 is negative, and its Jordan blocks, of sizes (1), do not pair up, so there is no real ODE of dimension 1
    (E3), not even a time-dependent linear one, because det M < 0; 1 extra coordinate is the fewest that do (E5)
    """

    n: int
    negative: tuple[Negative, ...]
    extra: int
    jumps: bool
    smallest: bool = True

    @property
    def determinant_is_negative(self) -> bool:
        """Whether det M < 0: an odd number of eigenvalues is negative, and none is 0."""
        return not self.jumps and sum(each.count * each.multiplicity for each in self.negative) % 2 == 1

    @property
    def responsible(self) -> tuple[Negative, ...]:
        """The negative eigenvalues that the extra coordinates are for: all but those known to be in paired blocks."""
        unpaired = (each for each in self.negative if not each.sizes or any(each.sizes.count(size) % 2 for size in each.sizes))
        return tuple(unpaired) if self.extra else self.negative

    @property
    def are_several(self) -> bool:
        """Whether `responsible` are more than one eigenvalue."""
        return sum(each.count for each in self.responsible) > 1

    def __str__(self) -> str:
        return "; ".join([SINGULAR] * self.jumps + ([self._of_negative] if self.negative else [])) or PRINCIPAL

    @property
    def _of_negative(self) -> str:
        which = " and ".join(each.name for each in self.responsible)
        verb, their = ("are", "their") if self.are_several else ("is", "its")
        if not self.extra:
            return f"{which} {verb} negative, in paired Jordan blocks: real ODEs exist, but no principal one (E3)"
        coordinates = "1 extra coordinate" if self.extra == 1 else f"{self.extra} extra coordinates"
        if not self.smallest:
            return (
                f"{which} {verb} negative; {coordinates} do for Jordan blocks of any sizes (E5); for which values fewer do is "
                "decided when the parameters have values"
            )
        listed = [f"({', '.join(map(str, each.sizes))})" for each in self.responsible if each.sizes]
        sizes = f", of sizes {' and '.join(listed)}," if listed else ""
        linear = ", not even a time-dependent linear one, because det M < 0" if self.determinant_is_negative else ""
        return (
            f"{which} {verb} negative, and {their} Jordan blocks{sizes} do not pair up, so there is no real ODE of dimension "
            f"{self.n} (E3){linear}; {coordinates} {'is' if self.extra == 1 else 'are'} the fewest that do (E5)"
        )
