"""A request is over when its time is, however slowly a server goes on writing.

A time-out of requests is for one silence: with a byte now and then, in the header too, a server
could hold a run for as long as it likes.
"""

from collections.abc import Callable
from socket import SHUT_RDWR, socket
from threading import Lock, Timer
from types import TracebackType
from typing import Any, Self

from requests import Session
from requests.adapters import HTTPAdapter
from urllib3.poolmanager import PoolManager

Watch = Callable[[socket], None]


class Deadline:
    """Shuts every connection that it watches after so many seconds; `passed` says that it did."""

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lines: list[socket] = []
        self._lock = Lock()
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Let the time run."""
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave no thread and no connection behind."""
        self._timer.cancel()
        self._timer.join()
        for line in self._lines:
            line.close()

    def watch(self, line: socket) -> None:
        """Take a connection, before anything is said over it."""
        with self._lock:
            # One of our own: TLS detaches the connection from the socket that it had.
            self._lines.append(line.dup())
            if self.passed:
                self._shut(self._lines[-1])

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            for line in self._lines:
                self._shut(line)

    @staticmethod
    def _shut(line: socket) -> None:
        try:
            line.shutdown(SHUT_RDWR)
        except OSError:  # it has ended already
            return


def watched_session(watch: Watch) -> Session:
    """Open a session that shows each new connection, over a proxy too, and follows no redirect."""
    session = _Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Adapter(watch))
    return session


class _Session(Session):
    def get_redirect_target(self, resp: Any) -> None:  # noqa: ANN401 - as requests has it
        # Told not to follow, requests still reads a redirect's whole body, if it ends.
        return None


class _Adapter(HTTPAdapter):
    def __init__(self, watch: Watch) -> None:
        self._shown_to = watch
        super().__init__()

    # The stubs leave both untyped, and do not know where urllib3 says to put other classes.
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[no-untyped-call]
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        known = proxy in self.proxy_manager
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)  # type: ignore[no-untyped-call]
        if not known:
            self._watch(manager)
        return manager

    def _watch(self, manager: PoolManager) -> None:
        # Those of a SOCKS proxy are classes of their own, without which it would be passed by.
        pools = manager.pool_classes_by_scheme.items()  # type: ignore[attr-defined]
        watched = {scheme: _watched(pool, self._shown_to) for scheme, pool in pools}
        manager.pool_classes_by_scheme = watched  # type: ignore[attr-defined]


def _watched(pool: Any, watch: Watch) -> Any:  # noqa: ANN401 - classes that urllib3 2 types anew
    """Derive a class of pools whose connections are shown as soon as they stand."""

    class Line(pool.ConnectionCls):  # type: ignore[misc]
        def _new_conn(self) -> Any:  # noqa: ANN401 - a socket
            line = super()._new_conn()
            watch(line)
            return line

    class Pool(pool):  # type: ignore[misc]
        ConnectionCls = Line

    return Pool
