"""What a worker has to compile first."""

from streams.jit import jit


@jit
def twice(x):
    return 2 * x


def answer(number):
    return twice(number)
