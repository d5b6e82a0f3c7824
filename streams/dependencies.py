"""What compiled code depends on besides its own file: callees, constants and named tuples, wherever they are.

A kernel is followed from its bytecode: every global it names is looked up as the compiler does. Of another
kernel the bytecode counts, of a constant its value, of a named tuple its fields. A plain Python function or a
class has its compiled twin (an overload) in the module that defines it; there the text of the module counts,
and every kernel in it. So nothing needs to be known of packages, and an edit that changes no code, or code
that is not called, changes nothing.
"""

import os
import sys
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np
from numba import types
from numba.core.dispatcher import Dispatcher

_PLAIN = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis), np.generic, np.dtype)
_VERSIONED = ("builtins", "numba", "numpy")  # known by the compiler's version


def dependencies(function: Any, arguments: Iterable[Any] = ()) -> str:
    """Thirty-two hexadecimal digits that change whenever what a function would be compiled to may change.

    `arguments` are the Numba types it is compiled for, which may be of classes that have been edited.
    """
    reading = _Reading()
    reading.function(function)
    for kind in arguments:
        reading.argument(kind)
    return reading.digest.hexdigest()


@lru_cache(4096)
def _text(path: str, modified: int, size: int) -> bytes:
    with open(path, "rb") as file:
        return blake2b(file.read(), digest_size=16).digest()


class _Reading:
    """One walk from a function over everything it reads; each thing is read once."""

    def __init__(self) -> None:
        self.digest = blake2b(digest_size=16)
        self.seen: dict[int, Any] = {}

    def note(self, *said: Any) -> None:
        self.digest.update(repr(said).encode())

    def function(self, function: Any) -> None:
        """The code of a function, its defaults, what it closes over, and the globals it names."""
        self.code(function.__code__, function.__globals__)
        for value in (function.__defaults__, function.__kwdefaults__, function.__closure__):
            self.value(value)

    def code(self, code: CodeType, names: dict[str, Any]) -> None:
        self.note(code.co_name, code.co_code, code.co_names, code.co_varnames)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.code(constant, names)
            else:
                self.value(constant)
        read = [names[name] for name in code.co_names if name in names]
        for module in (value for value in read if isinstance(value, ModuleType)):
            read += [vars(module)[name] for name in code.co_names if name in vars(module)]
        for value in read:
            self.value(value)

    def value(self, value: Any) -> None:
        """Whatever stands behind a name, as far as compiled code can depend on it."""
        if isinstance(value, _PLAIN):
            return self.note(type(value).__name__, value)
        if id(value) in self.seen:
            return None
        self.seen[id(value)] = value
        if isinstance(value, Dispatcher):
            self.note(sorted(value.targetoptions.items()))
            return self.function(value.py_func)
        if isinstance(value, np.ndarray):
            return self.note(value.dtype, value.shape, value.strides, value.tobytes())
        if isinstance(value, (tuple, list)):
            return self.values(value)
        if isinstance(value, frozenset):
            return self.values(sorted(value, key=repr))
        if isinstance(value, dict):
            return self.values(each for pair in value.items() for each in pair)
        if isinstance(value, CellType):
            return self.value(value.cell_contents)
        return self.definition(value)

    def values(self, values: Iterable[Any]) -> None:
        for value in values:
            self.value(value)
        self.note("end")

    def definition(self, value: Any) -> None:
        """Something that other code compiles: its name, and the text and kernels of the module behind it."""
        named = value if isinstance(value, (FunctionType, type)) else type(value)
        self.note(str(value) if isinstance(value, types.Type) else getattr(value, "__name__", None))
        self.note(named.__qualname__, getattr(value, "_fields", None))
        module = sys.modules.get(named.__module__)
        path = getattr(module, "__file__", None)
        if named.__module__.partition(".")[0] in _VERSIONED or not path or not os.path.isfile(path):
            return
        found = os.stat(path)
        self.note(_text(path, found.st_mtime_ns, found.st_size))
        self.values(each for each in vars(module).values() if isinstance(each, Dispatcher))
        if isinstance(value, FunctionType):
            self.function(value)

    def argument(self, kind: Any) -> None:
        """The fields of a named tuple among the types of arguments, and kernels that are passed."""
        if isinstance(kind, (types.NamedTuple, types.NamedUniTuple)):
            self.note(kind.instance_class.__qualname__, kind.fields)
        if isinstance(kind, types.Dispatcher):
            self.value(kind.dispatcher)
        for inner in getattr(kind, "types", ()) or ():
            self.argument(inner)
