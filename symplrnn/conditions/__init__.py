"""Conditions on parameters: truth values, formulas, their simplification, and what they are over a grid of values.

A `Truth` is TRUE, FALSE, UNKNOWN with a reason, or IF with a `Formula`; for a network of numbers it never is a formula.
"""
