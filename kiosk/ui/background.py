"""A job off the UI thread; its result back on it, for as long as the visit that asked lasts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from kivy.clock import Clock


class Background:
    """Runs a job on a thread of its own, two at once at most: a long one does not hold a parent's up. `wake` ends the window's sleep when a result is there."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="background")

    def run(self, job: Callable, done: Callable, failed: Callable[[BaseException], None]) -> None:
        """Call `job()` elsewhere, then `done(result)` or `failed(error)` on the UI thread."""

        def finished(future: Future) -> None:
            error = future.exception()
            Clock.schedule_once(lambda _dt: failed(error) if error else done(future.result()), 0)
            self._wake()

        self._pool.submit(job).add_done_callback(finished)

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
