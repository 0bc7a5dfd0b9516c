"""Kernels: what a notebook takes, and running it so that nothing fails quietly.

papermill takes ``sys.exit(0)`` for success and a killed kernel's notebook for a complete one. Here a parameter
is checked before anything starts, and whatever stops a notebook becomes `FailedReport`.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from math import ceil
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets import default

from xk.errors import ReportError, UsageError, check_known
from xk.running.kernels.children import CAN_FORK, is_safe_to_fork
from xk.running.kernels.engine import FIXED_ENVIRONMENT, ForkEngine
from xk.running.kernels.parameters import check_parameters, notebook_parameters, read_notebook
from xk.vocab import KERNELS

TIMEOUT = 1800
"""Seconds that a notebook may take before it counts as hung."""
_SLOW = 600
"""Seconds for a kernel to start, or to send what a cell has shown: the usual 60 and 4 are few on a busy machine."""

# Its warnings about parameters say less than the checks here; whoever sets up logging still gets them.
logging.getLogger("papermill").addHandler(logging.NullHandler())

Execute = Callable[[Path, Mapping[str, object]], NotebookNode]
"""Runs a notebook with parameters and returns it executed; FailedReport where it did not come to its end."""


class FailedReport(ReportError):
    """A notebook that came to no good end; ``notebook`` is as far as it came, None where it did not start."""

    def __init__(self, message: str, notebook: NotebookNode | None = None) -> None:
        super().__init__(message)
        self.notebook = notebook

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (str(self), self.notebook)


class _Kernel(AsyncKernelManager):
    """A kernel whose environment is fixed, and which encrypts its local traffic where it can."""

    @default("transport_encryption")
    def _encryption(self) -> str:
        return "auto"  # otherwise every kernel warns on stderr

    async def start_kernel(  # type: ignore[override]
        self, *args: object, env: Mapping[str, str] | None = None, **options: object
    ) -> None:
        await super().start_kernel(*args, env={**FIXED_ENVIRONMENT, **os.environ, **(env or {})}, **options)


def kernel_of(kernel: str) -> str:
    """Return "fork" or "process" for one of `KERNELS`; UsageError for an unknown one, or a fork where none is."""
    check_known(kernel, KERNELS, what="kernel")
    if kernel == "fork" and not CAN_FORK:
        raise UsageError("kernel 'fork' runs on Linux only; use 'process'")
    return kernel if kernel != "auto" else "fork" if is_safe_to_fork() else "process"


def execute(
    path: Path,
    parameters: Mapping[str, object],
    *,
    kernel: str = "auto",
    cwd: Path | None = None,
    timeout: float = TIMEOUT,
) -> NotebookNode:
    """Run a notebook and return it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook; it is not changed.
    parameters : mapping
        Values for names of its parameters cell.
    kernel : str
        "fork": in a fork of this process, which has imported what the notebook will import; "process": in an
        ordinary kernel; "auto": a fork where this process has no other threads.
    cwd : Path, optional
        Folder that the notebook runs in; by default the one of this process, which itself is not moved.
    timeout : float
        Seconds that the whole notebook may take.

    Raises
    ------
    UsageError
        Unknown parameter, wrong type, no such notebook or kernel.
    FailedReport
        A cell raised, the notebook's process died or did not start, or it took too long.
    """
    # papermill loads this module as an engine of its own while its module for execution is not there yet
    from papermill.execute import raise_for_execution_errors

    source = read_notebook(path)
    check_parameters(notebook_parameters(source), parameters)
    engine = ForkEngine if kernel_of(kernel) == "fork" else NBClientEngine
    notebook = load_notebook_node(source)
    if parameters:
        notebook = parameterize_notebook(notebook, dict(parameters), kernel_name="python3", language="python")
    run = NotebookExecutionManager(notebook, progress_bar=False)
    try:
        _execute(engine, run, cwd=cwd or Path.cwd(), timeout=timeout)
        raise_for_execution_errors(run.nb, None)
    except PapermillExecutionError as error:
        cause = f"{path.name}: cell [{error.exec_count}] raised {error.ename}: {error.evalue}"
        raise FailedReport(cause, run.nb) from None
    except Exception as error:  # a dead kernel, a time-out, no kernel: many types from three libraries
        cause = " ".join(str(error).split()) or type(error).__name__
        if isinstance(error, CellTimeoutError):  # which knows what was left for its cell
            limit = f"after {max(1, ceil(timeout))} seconds of the notebook"
            cause = re.sub(r"after [\d.e-]+ seconds", limit, cause, count=1)
        raise FailedReport(f"{path.name}: did not come to its end: {cause}", run.nb) from error
    return run.nb


def _execute(engine: type[Engine], run: NotebookExecutionManager, *, cwd: Path, timeout: float) -> None:
    give_up = time.monotonic() + timeout
    run.notebook_start()
    try:
        engine.execute_managed_notebook(
            run,
            "python3",
            timeout_func=lambda _: max(give_up - time.monotonic(), 0.001),
            start_timeout=_SLOW,
            iopub_timeout=_SLOW,
            kernel_manager_class=_Kernel,
            coalesce_streams=True,
            # Of being stopped a kernel speaks as of an error; what matters comes as its outputs.
            extra_arguments=["--IPKernelApp.log_level=50"],
            resources={"metadata": {"path": str(cwd)}},
        )
    finally:
        run.notebook_complete()
