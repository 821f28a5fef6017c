"""The blocks of an augmented matrix [[M, c, C], [0, ...]], for ODEs and flows alike."""

from __future__ import annotations

from abc import ABC, abstractmethod

import sympy as sp

__all__ = ["Blocks"]


class Blocks(ABC):
    """The matrix, the offset and the input matrix of a value with ``augmented`` (dimension + 1 + m columns) and ``n`` states.

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
    def dimension(self) -> int:
        """Number of coordinates: the states, and extra ones of a lifted system."""
        return self.n

    @property
    def matrix(self) -> sp.ImmutableDenseMatrix:
        """The matrix of the coordinates as a SymPy matrix: X of an ODE, in units of 1/dt; Phi of a flow."""
        return self.augmented[: self.dimension, : self.dimension]

    @property
    def offset(self) -> sp.ImmutableDenseMatrix:
        """The offset as a SymPy column: y of an ODE, gamma of a flow."""
        return self.augmented[: self.dimension, self.dimension : self.dimension + 1]

    @property
    def input_matrix(self) -> sp.ImmutableDenseMatrix:
        """The matrix of inputs held constant over each step as a SymPy matrix: Y of an ODE, Gamma of a flow."""
        return self.augmented[: self.dimension, self.dimension + 1 :]
