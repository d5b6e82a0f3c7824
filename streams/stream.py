"""A stream: what one observes of a bus, with Rx operators, on simulated time and under a guard."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from reactivex import Observable, abc

from streams.batch import Batch
from streams.clock import GuardedClock
from streams.guard import LIMIT

if TYPE_CHECKING:
    from streams.bus import Bus


class Stream:
    """An Rx observable of a bus whose `subscribe` adds the bus's clock and a guard.

    bus.events(Trade).pipe(ops.buffer_with_time(4), ops.map(len)).subscribe(print, name="trades a month")

    Time operators count ticks. Operators with a memory (buffer, scan) restart empty when a run is resumed;
    a fold does not. `stream.observable` is the plain observable, for `merge`, `zip` and the like.
    """

    def __init__(self, bus: "Bus", observable: Observable[Any], event: str):
        self.observable = observable
        self._bus = bus
        self._event = event

    def pipe(self, *operators: Callable[[Any], Any]) -> "Stream":
        """The stream after Rx operators."""
        return Stream(self._bus, self.observable.pipe(*operators), self._event)

    def rows(self) -> "Stream":
        """The stream of single events as named tuples of Python numbers: readable, and far slower."""
        return self.pipe(_one_by_one)

    def subscribe(
        self,
        on_next: Any = None,
        on_error: Callable[[Exception], Any] | None = None,
        on_completed: Callable[[], Any] | None = None,
        *,
        name: str | None = None,
        limit: int = LIMIT,
        on_failure: Literal["detach", "stop"] = "detach",
        scheduler: abc.SchedulerBase | None = None,
    ) -> abc.DisposableBase:
        """Observe with callbacks or with an Rx observer; `dispose()` what is returned to stop.

        A callback that raises is reported in `bus.failures` under `name` and detached after `limit` failures;
        an operator that raises ends this stream at once. Neither disturbs the run or another observer, unless
        `on_failure` is "stop": then the run fails once the others have seen the batch at hand.
        """
        if hasattr(on_next, "on_next"):
            on_next, on_error, on_completed = on_next.on_next, on_next.on_error, on_next.on_completed
        if on_failure not in ("detach", "stop"):
            raise ValueError(f"subscribe: on_failure={on_failure!r} given; valid: 'detach', 'stop'")
        guard = self._bus.guard(name or _name_of(on_next), self._event, limit, on_failure == "stop")

        def fail(error: Exception) -> None:
            guard.failed(error, fatal=True)
            if on_error is not None:
                guard.contain(on_error)(error)

        subscription = self.observable.subscribe(
            guard.tolerate(on_next or (lambda _: None)),
            fail,
            guard.contain(on_completed or (lambda: None)),
            scheduler=scheduler or GuardedClock(self._bus.clock, guard.contain),
        )
        guard.detach = subscription.dispose
        if not guard.active:
            subscription.dispose()
        return subscription


def _name_of(observer: Any) -> str:
    name: str = getattr(observer, "__qualname__", type(observer).__qualname__)
    return name


def _one_by_one(source: Observable[Batch]) -> Observable[Any]:
    def subscribe(
        observer: abc.ObserverBase[Any], scheduler: abc.SchedulerBase | None = None
    ) -> abc.DisposableBase:
        def on_next(batch: Batch) -> None:
            for row in batch.rows():
                observer.on_next(row)

        return source.subscribe(on_next, observer.on_error, observer.on_completed, scheduler=scheduler)

    return Observable(subscribe)
