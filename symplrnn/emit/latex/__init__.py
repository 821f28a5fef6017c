"""LaTeX of networks, verdicts, regions and cases, as fragments or as a page that compiles."""
