"""Who makes the reports: forked processes, one a report, or threads that each wait for a kernel."""

from __future__ import annotations

import pickle
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait

from xk.errors import ReportError
from xk.kernels.children import Child

Work = Callable[[], object]
Answers = Generator[tuple[str, object], None, None]


class Lost(ReportError):
    """A process that was to do a piece of work and is gone without an answer."""


@dataclass(frozen=True, eq=False)
class Group:
    """Pieces of work by name, and what they have in common, which is done before them."""

    tasks: Mapping[str, Work]
    prepare: Work | None = None


def forked(groups: Iterable[Group], workers: int) -> Answers:
    """Do each task in a process forked for it; yield its name and what it returned or raised, as they end.

    The processes of a group are forked from one that has done what they have in common; all memory of a group is
    free when it is done. A process that dies yields `Lost`; what still runs when the caller stops is killed.
    """
    waiting = deque((name, group) for group in groups for name in group.tasks)
    leaders: dict[Connection, _Leader] = {}
    try:
        while waiting or leaders:
            while waiting and sum(len(leader.running) for leader in leaders.values()) < workers:
                name, group = waiting.popleft()
                leader = next((each for each in leaders.values() if each.group is group), None) or _Leader(group)
                leaders[leader.child.connection] = leader
                leader.start(name)
            for connection in [each for each in wait(list(leaders)) if isinstance(each, Connection)]:
                leader = leaders[connection]
                yield from leader.answers()
                if leader.is_lost or not (leader.running or (waiting and waiting[0][1] is leader.group)):
                    leaders.pop(connection).child.end()
    finally:
        for leader in leaders.values():
            leader.child.end(patience=0.0)


class _Leader:
    """The process of a group: does what its tasks have in common, then forks one process for each, when told to."""

    def __init__(self, group: Group) -> None:
        self.group, self.child = group, Child(partial(_lead, group))
        self.running: set[str] = set()
        self.is_lost = False

    def start(self, name: str) -> None:
        """Have a task done."""
        self.running.add(name)
        with suppress(OSError):  # it is gone: so it will be said when its answer is asked for
            self.child.connection.send(name)

    def answers(self) -> Answers:
        """Yield the next answer, or that there will be none any more."""
        try:
            name, answer = pickle.loads(self.child.receive()), pickle.loads(self.child.receive())
        except EOFError:
            self.is_lost = True
            lost = Lost(f"the process of its group {self.child.end()}")
            yield from ((name, lost) for name in sorted(self.running))
            return
        self.running.remove(name)
        yield name, answer


def _lead(group: Group, connection: Connection) -> None:
    if group.prepare:
        group.prepare()
    running: dict[Connection, tuple[str, Child]] = {}
    while True:
        for ready in [each for each in wait([connection, *running]) if isinstance(each, Connection)]:
            if ready is connection:
                try:
                    name = connection.recv()
                except EOFError:
                    return
                child = Child(partial(_answer, group.tasks[name]))
                running[child.connection] = name, child
            else:
                name, child = running.pop(ready)
                connection.send(name)
                connection.send_bytes(_answer_of(child))


def threaded(groups: Iterable[Group], workers: int) -> Answers:
    """Do the tasks in threads, for systems without a safe fork; yield as `forked` does."""
    with ThreadPoolExecutor(workers) as pool:
        futures = {pool.submit(work): name for group in groups for name, work in group.tasks.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.exception() or future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def in_child(work: Work) -> object:
    """Do one piece of work in a forked process and return what it returned or raised."""
    answer: object = pickle.loads(_answer_of(Child(partial(_answer, work))))
    return answer


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


def _answer_of(child: Child) -> bytes:
    """Return what the child sent: pickled by this package's own code; notebooks run one process further down."""
    try:
        answer = child.receive()
        child.end()
        return answer
    except EOFError:
        return _pickled(Lost(f"its process {child.end()}"))
