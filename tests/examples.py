"""How many examples a property test draws: all of them in `make test-slow`, a third by default."""

from hypothesis import settings


def examples(number: int) -> settings:
    return settings(max_examples=number if settings.default.max_examples >= 100 else number // 3)
