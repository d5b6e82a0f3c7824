"""Compiled code that is read back: machine code at once, and what callers are compiled with when one is.

Numba keeps with the machine code of a function an intermediate form of it, which is inlined into functions
that call it. Parsing that takes a third of the time in which a function is read; only compiling needs it.
"""

from typing import Any

from numba.core.caching import CompileResultCacheImpl
from numba.core.codegen import JITCodeLibrary, ll


class Library(JITCodeLibrary):
    """The code of one function that was read back."""

    _intermediate = b""

    @classmethod
    def _unserialize(cls, codegen: Any, state: tuple[str, frozenset[str], tuple[bytes, bytes]]) -> Any:
        name, defined, (machine_code, intermediate) = state
        library = cls(codegen, name)
        library.enable_object_caching()
        library._set_compiled_object(machine_code)
        library._finalize_final_module()
        codegen._engine._defined_symbols |= defined
        library._intermediate = intermediate
        return library

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            self._shared_module = ll.parse_bitcode(self._intermediate)
        return self._shared_module


class ReadBack(CompileResultCacheImpl):
    """Makes a compiled function into what is kept of it, and that into one that can be called."""

    def reduce(self, cres: Any) -> Any:
        """What is kept of a compiled function, with the names that its machine code defines."""
        (name, _, code), *rest = super().reduce(cres)
        module = cres.library._get_module_for_linking()
        symbols = (each for kind in (module.functions, module.global_variables) for each in kind)
        return (name, frozenset(each.name for each in symbols if not each.is_declaration), code), *rest

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        """The function's code in this process."""
        codegen = target_context.codegen()
        codegen._library_class = Library
        try:
            return super().rebuild(target_context, payload)
        finally:
            del codegen._library_class
