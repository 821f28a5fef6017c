"""The version of the package, which files that are computed for long are marked with."""

__all__ = ["__version__"]

__version__ = "0.11.0"
