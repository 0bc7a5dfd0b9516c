"""Who makes the reports: forked processes, or threads that each wait for a kernel."""

from __future__ import annotations

import pickle
import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from functools import partial
from math import inf
from multiprocessing.connection import Connection, wait

from xk.errors import ReportError
from xk.running.kernels.children import Child

Work = Callable[[], object]
Group = Mapping[str, Work]
"""Tasks by name that have something in common, which the first leaves in memory for the others."""
Answers = Generator[tuple[str, object], None, None]


class Lost(ReportError):
    """A piece of work without an answer: its process is gone, or the time was up."""


LATE = Lost("not made: the time for the whole run was up")


def forked(groups: Iterable[Group], workers: int, until: float = inf) -> Answers:
    """Do the tasks in forked processes; yield the name of each and what it returned or raised, as they end.

    The first begin at once, before any answer is asked for. What has not ended at `until` (of the monotonic clock)
    yields `LATE`.

    A process does tasks of one group, one after the other, and takes its memory along when there are no more; two
    share a group only where there is no other left. One that dies yields `Lost` for the task that it was at; what
    still runs when the caller stops is killed.
    """
    answers = _forked(groups, workers, until)
    next(answers)  # begun, it will tidy up whenever it is closed
    return answers


def _forked(groups: Iterable[Group], workers: int, until: float) -> Answers:
    waiting = [(group, deque(group)) for group in groups]
    makers: dict[Connection, _Maker] = {}
    try:
        _fill(makers, waiting, workers)
        yield "", None
        while makers:
            if time.monotonic() > until:
                late = [maker.task for maker in makers.values()] + [name for _, names in waiting for name in names]
                yield from ((name, LATE) for name in late)
                return
            patience = None if until == inf else max(0.0, until - time.monotonic())
            for connection in [each for each in wait(list(makers), patience) if isinstance(each, Connection)]:
                maker = makers[connection]
                answer = maker.task, maker.answer()
                if maker.names and not maker.is_lost:
                    maker.start()
                else:
                    makers.pop(connection).child.end()
                yield answer
            _fill(makers, waiting, workers)
    finally:
        for maker in makers.values():
            maker.child.end(patience=0.0)


def _fill(makers: dict[Connection, _Maker], waiting: Sequence[tuple[Group, deque[str]]], workers: int) -> None:
    """Begin a process for each worker that is free, as long as there are tasks that none has taken."""
    while len(makers) < workers and (left := [each for each in waiting if each[1]]):
        taken = [maker.names for maker in makers.values()]
        maker = _Maker(*next((each for each in left if each[1] not in taken), left[0]))
        makers[maker.child.connection] = maker
        maker.start()


class _Maker:
    """A process that does tasks of one group when it is told to; `names` are still to be done by whomever."""

    def __init__(self, group: Group, names: deque[str]) -> None:
        self.names, self.child, self.task, self.is_lost = names, Child(partial(_serve, group)), "", False

    def start(self) -> None:
        """Have the next task done."""
        self.task = self.names.popleft()
        with suppress(OSError):  # it is gone: so it will be said when its answer is asked for
            self.child.connection.send(self.task)

    def answer(self) -> object:
        """Return what the task returned or raised: pickled by this package's own code, notebooks run further down."""
        try:
            answer: object = pickle.loads(self.child.receive())
        except EOFError:
            self.is_lost = True
            return Lost(f"its process {self.child.end()}")
        return answer


def _serve(group: Group, connection: Connection) -> None:
    while True:
        try:
            name = connection.recv()
        except EOFError:
            return
        connection.send_bytes(_answer(group[name]))


def threaded(groups: Iterable[Group], workers: int, until: float = inf) -> Answers:
    """Do the tasks in threads, for systems without a safe fork; yield as `forked` does."""
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(work): name for group in groups for name, work in group.items()}
        done: set[str] = set()
        try:
            for future in as_completed(futures, None if until == inf else max(0.0, until - time.monotonic())):
                yield futures[future], future.exception() or future.result()
                done.add(futures[future])
        except TimeoutError:  # what runs is ended by its own limit
            pool.shutdown(wait=False, cancel_futures=True)
            yield from ((name, LATE) for name in futures.values() if name not in done)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _answer(work: Work) -> bytes:
    """Return pickled what a task returns or raises, to be raised again, or told, on the other side."""
    try:
        answer = work()
    except Exception as error:
        error.add_note(traceback.format_exc())  # which would be lost on the way
        answer = error
    try:
        return pickle.dumps(answer)
    except Exception as error:  # whatever an exception carries along
        return pickle.dumps(Lost(f"{type(answer).__name__}: {answer} ({error})"))
