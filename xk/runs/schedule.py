"""Who makes the reports: forked processes, one a report, or threads that each wait for a kernel."""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from multiprocessing.connection import Connection, wait

from xk.errors import ReportError
from xk.kernels.children import Child

Work = Callable[[], object]
Answers = Generator[tuple[str, object], None, None]


class Lost(ReportError):
    """A process that was to do a piece of work and is gone without an answer."""


def forked(tasks: Mapping[str, Work], workers: int) -> Answers:
    """Do each task in a process forked for it; yield its name and what it returned or raised, as they end.

    Each process takes its memory along when it ends. A process that dies yields `Lost`; what still runs when
    the caller stops is killed.
    """
    waiting = deque(tasks.items())
    running: dict[Connection, tuple[str, Child]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                name, work = waiting.popleft()
                child = Child(partial(_answer, work))
                running[child.connection] = name, child
            for connection in [each for each in wait(list(running)) if isinstance(each, Connection)]:
                name, child = running.pop(connection)
                yield name, _answer_of(child)
    finally:
        for _, child in running.values():
            child.end(patience=0.0)


def threaded(tasks: Mapping[str, Work], workers: int) -> Answers:
    """Do the tasks in threads, for systems without a safe fork; yield as `forked` does."""
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(work): name for name, work in tasks.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.exception() or future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def in_child(work: Work) -> object:
    """Do one piece of work in a forked process and return what it returned or raised."""
    return next(forked({"": work}, 1))[1]


def _answer(work: Work, connection: Connection) -> None:
    try:
        answer = work()
    except Exception as error:  # it is raised again, or told, on the other side
        error.add_note(traceback.format_exc())  # which would be lost on the way
        answer = error
    connection.send_bytes(_pickled(answer))


def _pickled(answer: object) -> bytes:
    try:
        return pickle.dumps(answer)
    except Exception as error:  # whatever an exception carries along
        return pickle.dumps(Lost(f"{type(answer).__name__}: {answer} ({error})"))


def _answer_of(child: Child) -> object:
    """Return what the child sent: pickled by this package's own code; notebooks run one process further down."""
    try:
        answer: object = pickle.loads(child.receive())
        child.end()
        return answer
    except EOFError:
        return Lost(f"its process {child.end()}")
