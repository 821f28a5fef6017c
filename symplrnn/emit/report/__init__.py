"""A report on a network for people: one page of HTML with mathematics as MathML and pictures as SVG, or a PDF through LaTeX.

The formulas are those of `symplrnn.emit.latex`, put into MathML, so that each is written in one place. The page holds all it
needs; whatever comes from a user is escaped, and tables are bounded.
"""
