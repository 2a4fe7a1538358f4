"""What schemathesis cannot know by itself: an Idempotency-Key is meant to be new for each request."""

import itertools

import schemathesis

NUMBERS = itertools.count()
# One in so many keys stays as it was generated, often the same as before: so reused keys are met too.
KEPT = 8


@schemathesis.hook
def before_call(_context, case, **_arguments):
    # An invalid request stays as it is: it has to be refused for what is wrong with it.
    is_valid = case.meta and case.meta.generation.mode.is_positive
    if is_valid and case.headers and "Idempotency-Key" in case.headers:
        number = next(NUMBERS)
        if number % KEPT:
            case.headers["Idempotency-Key"] = f"key-{number}"
