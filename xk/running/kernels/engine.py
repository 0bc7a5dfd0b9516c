"""A papermill engine that runs notebooks in forked processes: ``papermill --engine xk``.

A fork of a process that has imported everything is there in milliseconds, where a kernel takes a second or two;
its memory is free again when it ends. What the cells show is the same to the byte.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager

from xk.running.kernels.children import CAN_FORK, Child

MEMORY_LIMIT = 4 << 30
"""Bytes that a notebook may take beyond what its process begins with; 0 for no limit."""

# Order of sets and dates inside files would differ from run to run; what the user has set wins.
FIXED_ENVIRONMENT = {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "315532800"}


class ForkEngine(Engine):
    """Runs a notebook in a fork of this process; in an ordinary kernel where there is no fork."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        *,
        execution_timeout: int | None = None,
        **options: object,
    ) -> None:
        """Execute the notebook of `nb_man`; the options are those of papermill's own engine."""
        if not CAN_FORK:
            NBClientEngine.execute_managed_notebook(nb_man, kernel_name, execution_timeout=execution_timeout, **options)
            return
        known = {name: value for name, value in options.items() if PapermillNotebookClient.class_traits().get(name)}
        ForkClient(nb_man, kernel_name=kernel_name, timeout=execution_timeout, **known).execute()


class ForkClient(PapermillNotebookClient):
    """papermill's client of a kernel, with a forked process in the kernel's place."""

    memory_limit = MEMORY_LIMIT

    @contextmanager
    def setup_kernel(self, **_: object) -> Iterator[None]:
        """Start the forked process, and end it whatever happens."""
        folder = self.resources.get("metadata", {}).get("path") or None
        child = Child(partial(_serve, folder=folder), memory=self.memory_limit)
        self.kc = self.km = _Talk(child, self._seconds)
        try:
            yield
        finally:
            child.end()

    def _seconds(self) -> float:
        """Return how long the next cell may take; 0: as long as it likes."""
        return self.timeout_func(None) if self.timeout_func else max(self.timeout or 0, 0)


class _Talk:
    """Kernel, its client and its channels in one: a cell is run when it is sent, its messages are kept."""

    def __init__(self, child: Child, seconds: Callable[[], float]) -> None:
        self.child, self.seconds, self.number = child, seconds, 0
        self.iopub_channel, self.shell_channel = _Channel(), _Channel()

    def execute(self, code: str, **_: object) -> str:
        """Run a cell to its end and return the identifier of its messages."""
        self.number += 1
        seconds = self.seconds()
        give_up = time.monotonic() + seconds if seconds else None
        try:
            self.child.connection.send_bytes(json.dumps(code).encode())
            kind = ""
            while kind != "execute_reply":
                left = None if give_up is None else max(0.0, give_up - time.monotonic())
                kind, content = json.loads(self.child.receive(left))
                self._keep(kind, content)
        except TimeoutError:
            self.child.end(patience=0)
            raise CellTimeoutError.error_from_timeout_and_cell(
                "A cell timed out", round(seconds), NotebookNode(source=code)
            ) from None
        except (EOFError, OSError):
            raise DeadKernelError(f"Kernel died: its process {self.child.end()}") from None
        except BaseException:  # asked to stop while the cell is at work
            self.child.end(patience=0)
            raise
        self._keep("status", {"execution_state": "idle"})
        return str(self.number)

    def kernel_info(self) -> str:
        """Prepare the answer to what language this is and return its identifier."""
        from ipykernel.ipkernel import IPythonKernel

        self.number += 1
        self._keep("kernel_info_reply", {"language_info": dict(IPythonKernel.language_info)})
        return str(self.number)

    def is_alive(self) -> bool:
        return True  # a dead one was noticed when its cell ended

    def _keep(self, kind: str, content: Mapping[str, object]) -> None:
        header, parent = {"msg_type": kind}, {"msg_id": str(self.number)}
        channel = self.shell_channel if kind.endswith("_reply") else self.iopub_channel
        channel.append({"header": header, "parent_header": parent, "msg_type": kind, "content": content, "buffers": []})


class _Channel(deque[Mapping[str, object]]):
    async def get_msg(self, timeout: float | None = None) -> Mapping[str, object]:  # noqa: ARG002
        """Return the next message; the end of every cell's is among them, so that none is waited for."""
        return self.popleft()


def _serve(connection: Connection, folder: str | None) -> None:
    from xk.running.kernels.shell import INLINE_FIGURES, serve

    if folder:
        os.chdir(folder)
    if "" not in sys.path:
        sys.path.insert(0, "")  # as in a kernel: the notebook's folder comes first
    for name, value in {**FIXED_ENVIRONMENT, "MPLBACKEND": INLINE_FIGURES}.items():
        os.environ.setdefault(name, value)
    serve(connection)
