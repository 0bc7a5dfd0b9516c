"""The shell in a forked process: IPython as a kernel runs it, its messages sent over one pipe.

Everything that a kernel would publish (results, displays, errors, streams) goes through the same classes of
ipykernel, so that a notebook shows the same; there is no socket, no thread and no start-up to wait for.
"""

import builtins
import getpass
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from types import SimpleNamespace
from typing import Any, TextIO

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.profiledir import ProfileDir
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from traitlets.config import Config

INLINE_FIGURES = "module://matplotlib_inline.backend_inline"

Send = Callable[[str, Mapping[str, object]], None]


class _Wire(Session):
    """Takes what a kernel would send to its sockets."""

    publish: Send

    def send(self, stream: object, msg_or_type: Any, content: Any = None, *_: object, **__: object) -> None:  # noqa: ARG002
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        self.publish(msg_or_type, content)


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of a notebook: keeps what is written until it is sent."""

    encoding = "UTF-8"

    def __init__(self, name: str, descriptor: int, send: Send) -> None:
        self.name, self._descriptor, self._send, self._kept = name, descriptor, send, io.StringIO()

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return self._kept.write(text)

    def flush(self) -> None:
        if text := self._kept.getvalue():
            self._kept = io.StringIO()
            self._send("stream", {"name": self.name, "text": text})


class _Descriptor:
    """File descriptor 1 or 2, for what is written past sys.stdout and sys.stderr, by C code and by commands."""

    def __init__(self, name: str, number: int, send: Send) -> None:
        self.name, self._send = name, send
        self._file = os.memfd_create(name)  # lives as long as the process, and needs no disk
        os.dup2(self._file, number)
        self._read = 0

    def flush(self) -> None:
        text = os.pread(self._file, 1 << 24, self._read)
        self._read += len(text)
        if text:
            self._send("stream", {"name": self.name, "text": text.decode("utf-8", "replace")})


def serve(connection: Connection) -> None:
    """Run the cells that come over `connection`, one after the other, until it is closed."""
    process = os.getpid()

    def send(kind: str, content: Mapping[str, object]) -> None:
        if os.getpid() == process:  # a notebook may fork; its copies are silent
            connection.send_bytes(json.dumps([kind, content], default=json_default).encode())

    streams = _take_streams(send)
    shell = _new_shell(send)
    while not shell.exit_now:
        try:
            code = json.loads(connection.recv_bytes())
        except EOFError:
            return
        send("execute_input", {"code": code, "execution_count": shell.execution_count})
        reply = _run(shell, code)
        for stream in streams:
            stream.flush()
        if os.getpid() != process:
            os._exit(0)
        send("execute_reply", reply)


def _take_streams(send: Send) -> list[_Stream | _Descriptor]:
    names = (("stdout", 1), ("stderr", 2))
    below = [_Descriptor(name, number, send) for name, number in names]
    above = [_Stream(name, number, send) for name, number in names]
    sys.stdout, sys.stderr = above
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    os.dup2(sys.stdin.fileno(), 0)
    builtins.input = getpass.getpass = _no_input
    builtins.__dict__.pop("_", None)  # that of gettext would stand in the way of the last output
    _warn_as_usual()
    return [*above, *below]


def _warn_as_usual() -> None:
    """Show the warnings that a fresh Python shows, whatever this process did with them before the fork."""
    warnings.showwarning = _show_warning
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    (file or sys.stderr).write(warnings.formatwarning(message, category, filename, lineno, line))


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")


def _new_shell(send: Send) -> ZMQInteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False
    ZMQInteractiveShell.clear_instance()
    shell = ZMQInteractiveShell.instance(
        config=config,
        ipython_dir=os.curdir,
        profile_dir=ProfileDir(),  # of nobody: none is made on the disk
        kernel=SimpleNamespace(eventloop=None),
        compiler_class=XCachingCompiler,
    )
    # ``%matplotlib inline`` passes: figures are shown when a cell ends, there is no event loop to join
    shell.enable_gui = lambda gui=None: None  # type: ignore[method-assign]  # noqa: ARG005
    wire = _Wire()
    wire.publish = send
    for publisher in (shell.displayhook, shell.display_pub):
        publisher.session = wire  # type: ignore[union-attr]
    shell.set_parent({"header": {}})
    if "matplotlib" in sys.modules:
        _show_figures_inline(shell)
    return shell


def _run(shell: ZMQInteractiveShell, code: str) -> dict[str, object]:
    result = shell.run_cell(code, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    reply: dict[str, object] = {"status": "ok", "execution_count": shell.execution_count - 1}
    if error is not None or shell._last_traceback_during_displayhook:
        name, value = type(error).__name__, str(error)
        reply |= {"status": "error", "ename": name, "evalue": value, "traceback": shell._last_traceback or []}
    return reply


def _show_figures_inline(shell: ZMQInteractiveShell) -> None:
    """Do what importing pyplot would do in a fresh kernel; matplotlib was there before the fork, perhaps set up."""
    import matplotlib as mpl
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib_inline.backend_inline import configure_inline_support

    backend = os.environ["MPLBACKEND"]
    mpl.rc_file_defaults()
    mpl.use(backend)
    if backend == INLINE_FIGURES:
        activate_matplotlib(backend)
        configure_inline_support(shell, backend)
