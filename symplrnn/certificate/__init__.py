"""Certificates: what was decided and derived, with evidence that a short program of its own re-checks.

`symplrnn.certificate.write` makes the document from the package's objects. `symplrnn.certificate.check` reads it, with the
standard library alone: it imports nothing of the package, uses other algorithms, and also runs when it is copied out by itself.
`symplrnn.certificate.check_letters` does the same for networks with letters, with the former beside it.
"""
