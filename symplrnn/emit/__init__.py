"""What leaves the package: LaTeX, JSON and NumPy functions."""
