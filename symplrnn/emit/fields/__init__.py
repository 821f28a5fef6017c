"""Vector fields in double precision: NumPy, JAX, torch, and source text in C and Julia."""
