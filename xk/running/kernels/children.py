"""Forked processes: a copy of this one that does one piece of work, and dies with it.

Linux only. Where another system has fork(), its own libraries do not survive one.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection, Pipe

from tqdm import tqdm

CAN_FORK = sys.platform == "linux"

PATIENCE = 600.0
"""Seconds that a child has to leave when its pipe is closed: only one that hangs takes them, on any machine."""

_PR_SET_PDEATHSIG = 1
# What a child must not hold on to, so that an end is seen as one (pipes to elder brothers, locks): what closes each.
_HELD: dict[int, Callable[[], None]] = {}
_PEAKS: list[int] = []


def _let_go() -> None:
    for close in _HELD.values():
        with contextlib.suppress(OSError):
            close()
    _HELD.clear()


os.register_at_fork(after_in_child=_let_go) if CAN_FORK else None


@contextlib.contextmanager
def kept_from_children(descriptor: int) -> Iterator[None]:
    """Close `descriptor` in every process that is forked inside of the block."""
    _HELD[descriptor] = partial(os.close, descriptor)
    try:
        yield
    finally:
        give_back(descriptor)


def give_back(descriptor: int) -> None:
    """Let children hold `descriptor` again, before it is closed."""
    _HELD.pop(descriptor, None)


def take_peak() -> int:
    """Return the most bytes that one of the children held that ended since this was last asked."""
    peak = max(_PEAKS, default=0)
    _PEAKS.clear()
    return peak


def is_safe_to_fork() -> bool:
    """Tell whether a fork copies all of this process: other threads and what they hold locked stay behind."""
    return CAN_FORK and threading.active_count() == 1


class Child:
    """A forked process that runs ``work(connection)`` in a process group of its own.

    Parameters
    ----------
    work : callable
        Takes the connection to this process; when it returns, or raises, the child is gone.
    memory : int
        Bytes of data that the child may have beyond those of this process; 0 for no limit.
    """

    def __init__(self, work: Callable[[Connection], None], *, memory: int = 0) -> None:
        self.connection, theirs = Pipe()
        _HELD[self.connection.fileno()] = self.connection.close
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _become_child(work, theirs, parent, memory)
        with contextlib.suppress(PermissionError, ProcessLookupError):
            os.setpgid(self.pid, self.pid)  # the child does the same: whoever comes first
        theirs.close()
        self._ended = ""

    def receive(self, timeout: float | None = None) -> bytes:
        """Return the next message; TimeoutError after `timeout` seconds, EOFError when the child is gone."""
        try:
            if self.connection.poll(timeout):
                return self.connection.recv_bytes()
        except OSError:  # reset, or the end came within a message
            raise EOFError from None
        raise TimeoutError

    def end(self, *, patience: float = PATIENCE) -> str:
        """Close the pipe, kill what is left of the child and its own children; return how it ended.

        A child that waits for work leaves when the pipe is closed; one that is at work is not waited for with
        `patience` 0.
        """
        if not self._ended:
            if not self.connection.closed:
                give_back(self.connection.fileno())
                self.connection.close()
            done = _exited(self.pid, patience=patience)
            # The group is killed before the child is reaped, while its number cannot be another's.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            _, status, used = os.wait4(self.pid, 0)
            _PEAKS.append(used.ru_maxrss * 1024)
            self._ended = _ending(status) if done else "was stopped"
        return self._ended


def _exited(pid: int, *, patience: float) -> bool:
    """Tell whether the process is over; it has `patience` seconds to come to its end."""
    give_up = time.monotonic() + patience
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > give_up:
            return False
        time.sleep(0.002)
    return True


def _ending(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit status {code}"


def _become_child(work: Callable[[Connection], None], connection: Connection, parent: int, memory: int) -> None:
    """Run `work` and leave, by no way that would end the parent's work a second time (exit handlers, finally)."""
    status = 1
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(None)
        _take_own_lock(tqdm)
        gc.freeze()
        gc.set_threshold(100_000, 20)  # what is new is mostly there to stay; a tenth of the time went into looking
        if memory:
            _limit_memory(memory)
        _HELD[connection.fileno()] = connection.close
        work(connection)
        status = 0
    except BaseException as error:  # the parent sees the end; how it came about goes to stderr
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _take_own_lock(bar: type[tqdm[object]]) -> None:
    """Let progress bars not wait for those of other processes: one that is killed keeps the lock that all share."""
    bar.set_lock(threading.RLock())
    for kind in bar.__subclasses__():
        _take_own_lock(kind)


def _limit_memory(more: int) -> None:
    import resource  # Windows has none, and forks nothing either

    with open("/proc/self/statm", encoding="ascii") as file:
        data = int(file.read().split()[5]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = data + more if hard == resource.RLIM_INFINITY else min(data + more, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
