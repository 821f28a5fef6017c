"""Exact arithmetic: numbers, fields, polynomials, matrices, and certified enclosures."""
