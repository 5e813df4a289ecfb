"""A job off the UI thread; its result back on it, for as long as the visit that asked lasts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from kivy.clock import Clock


class Background:
    """Runs a job on a thread of its own, four at once at most: long ones do not hold a parent's up. `wake` ends the window's sleep when a result is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._under_way = 0
        self._stopped = False
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="background")

    @property
    def is_busy(self) -> bool:
        """There is a job whose result has not come back yet."""
        return self._under_way > 0

    def run(self, job: Callable, done: Callable, failed: Callable[[BaseException], None]) -> None:
        """Call `job()` elsewhere, then `done(result)` or `failed(error)` on the UI thread."""

        def finished(future: Future) -> None:
            Clock.schedule_once(lambda _dt: self._hand_back(future, done, failed), 0)
            self._wake()

        self._under_way += 1
        self._pool.submit(job).add_done_callback(finished)

    def _hand_back(self, future: Future, done: Callable, failed: Callable[[BaseException], None]) -> None:
        self._under_way -= 1
        if self._stopped:
            return
        error = future.exception()
        failed(error) if error else done(future.result())

    def stop(self) -> None:
        """Wait for what is under way; nothing comes back any more, for there is nothing left to show it."""
        self._stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)
