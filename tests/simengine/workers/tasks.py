"""What workers of a test are given to do."""

import os
import signal
from pathlib import Path


def doubled(number):
    return 2 * number


def deadly(task):
    """The number doubled, but for the last ones of a list: how many times they kill their worker first."""
    number, deaths, folder = task
    for death in range(deaths):
        try:
            Path(folder, f"{number}-{death}").touch(exist_ok=False)
        except FileExistsError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


class Odd(Exception):
    """An error that cannot be read where it is sent to."""

    def __init__(self, first, second):
        super().__init__(f"{first} {second}")


def refusing(number):
    if number == 1:
        raise ValueError("one is refused")
    if number == 2:
        raise Odd("two", "words")
    return lambda: number
