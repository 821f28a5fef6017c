"""Executable checks of the proofs: ``make proofs``, or ``python -m proofs.checks [theorem ...]``.

One module a theorem. They are written from the proofs and share no code with the package, except that those of the checker run
the checker itself. "letters" are identities between polynomials in all entries, which hold for all matrices of the given size;
"exact" are instances over the rational numbers; "balls" are instances in ball arithmetic, whose error bounds are proved.
"""
