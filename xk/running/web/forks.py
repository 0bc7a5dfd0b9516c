"""Kernels that are forked from a process which has imported and read all that a bench needs.

Such a kernel is there in a tenth of the time and shares most of its memory with the others. It is a kernel like any
other else: its own process, its own process group, ended with the server. Linux only, like `xk.running.kernels`.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from xk.errors import XkError
from xk.running.kernels.children import Child, give_back


class Warm:
    """The process that kernels are forked from; it ends with this one."""

    def __init__(self, root: Path) -> None:
        self._child, self._lock = Child(partial(_keep_warm, root=root)), threading.Lock()

    def fork(self, arguments: Sequence[str], env: Mapping[str, str], folder: str) -> int:
        """Start a kernel with `arguments` and return the number of its process; waits until all is imported."""
        with self._lock:
            self._child.connection.send_bytes(json.dumps([arguments, dict(env), folder]).encode())
            return int(self._child.receive())

    def end(self) -> None:
        """End the process, and with it what is left of its kernels."""
        self._child.end(patience=0)


def _keep_warm(connection: Connection, *, root: Path) -> None:
    import ipykernel.kernelapp  # noqa: F401
    import ipywidgets  # noqa: F401

    from xk import bench, charts, tables, theme  # noqa: F401
    from xk.bench import Question
    from xk.readers import read_store

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how a kernel ended, so that none stays as a zombie
    theme.use()
    with contextlib.suppress(XkError):  # the bench says what is wrong with the data
        bench.results_of(Question(), read_store(root))
    with contextlib.suppress(EOFError):
        while True:
            kernel = Child(partial(_become_kernel, order=json.loads(connection.recv_bytes())))
            give_back(kernel.connection.fileno())
            kernel.connection.close()
            connection.send_bytes(str(kernel.pid).encode())


def _become_kernel(connection: Connection, *, order: tuple[list[str], dict[str, str], str]) -> None:  # noqa: ARG001
    from ipykernel.kernelapp import IPKernelApp

    arguments, env, folder = order
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    sys.path.insert(0, "")
    quiet = [f"--IPKernelApp.parent_handle={os.getppid()}", "--HistoryManager.enabled=False"]
    IPKernelApp.launch_instance(argv=[*arguments, *quiet])


class _Forked:
    """A process that another one forked, as jupyter_client sees one that it started itself."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def wait(self) -> int:
        return 0

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of the warm process."""

    warm: ClassVar[Warm]

    async def launch_kernel(
        self, cmd: list[str], env: Mapping[str, str] | None = None, cwd: str = ".", **_: object
    ) -> KernelConnectionInfo:
        pid = await asyncio.to_thread(self.warm.fork, cmd[cmd.index("-f") :], env or {}, str(cwd))
        self.process, self.pid, self.pgid = _Forked(pid), pid, pid  # type: ignore[assignment]
        return self.connection_info


class ForkFactory(KernelProvisionerFactory):
    """Gives every kernel of this process to the warm one; to be made before jupyter_client asks for its own."""

    def is_provisioner_available(self, kernel_spec: KernelSpec) -> bool:  # noqa: ARG002
        return True

    def create_provisioner_instance(
        self, kernel_id: str, kernel_spec: KernelSpec, parent: object
    ) -> KernelProvisionerBase:
        return ForkProvisioner(kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)
