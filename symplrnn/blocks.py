"""The blocks of an augmented matrix [[M, c, C], [0, ...]], for ODEs and flows alike."""

from __future__ import annotations

from abc import ABC, abstractmethod

import sympy as sp

__all__ = ["Blocks"]


class Blocks(ABC):
    """The matrix, the offset and the input matrix that a value with ``augmented`` (n + 1 + m columns) and ``n`` has.

    >>> class Example(Blocks):
    ...     n, augmented = 1, sp.ImmutableDenseMatrix([[2, 3, 5], [0, 0, 0], [0, 0, 0]])
    >>> Example().matrix, Example().offset, Example().input_matrix
    (Matrix([[2]]), Matrix([[3]]), Matrix([[5]]))
    """

    @property
    @abstractmethod
    def n(self) -> int:
        """Number of states."""

    @property
    @abstractmethod
    def augmented(self) -> sp.ImmutableDenseMatrix:
        """The whole matrix."""

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """The matrix of the state as a SymPy matrix (n, n): X of an ODE, Phi of a flow."""
        return self.augmented[: self.n, : self.n]

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """The offset as a SymPy column (n, 1): y of an ODE, gamma of a flow."""
        return self.augmented[: self.n, self.n : self.n + 1]

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """The matrix of inputs held constant over each step as a SymPy matrix (n, m): Y of an ODE, Gamma of a flow."""
        return self.augmented[: self.n, self.n + 1 :]
