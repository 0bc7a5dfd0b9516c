"""Where `xk app` listens, under which name it is asked for, and who is let in."""

import errno
import os
import secrets
import socket
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from xk.errors import UsageError

IDLE = 3600
"""Seconds without use after which a kernel ends; the page says so."""


@dataclass(frozen=True)
class Site:
    """Where the app is and who may see it.

    Parameters
    ----------
    root : Path
        The project folder.
    host, port : str, int
        Where the server listens.
    address : str
        What colleagues type, where another server stands in front: its host is the one that is let in.
    token : str
        What an address must hold; a new one each time, or XK_TOKEN of the environment, which kernels do not get.
    idle : int
        Seconds without use after which a kernel ends.
    """

    root: Path
    host: str = "127.0.0.1"
    port: int = 8866
    address: str = ""
    token: str = field(default_factory=lambda: os.environ.pop("XK_TOKEN", "") or secrets.token_urlsafe(24), repr=False)
    idle: int = IDLE

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.address.rstrip("/") + "/" if self.address else f"http://{host}:{self.port}/"

    @property
    def is_open(self) -> bool:
        """Whether others than users of this machine reach the server."""
        return not is_loopback(self.host)

    @property
    def name(self) -> str:
        """The name, or number, that requests must be addressed to, so that no page of others passes for this server."""
        return urlsplit(self.url).hostname or ""


def checked(site: Site) -> Site:
    """Return the site with a free port in place of 0.

    Raises
    ------
    UsageError
        Nothing can listen there, or the address is none of a server of its own.
    """
    parts = urlsplit(site.address)
    if site.address and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
        raise UsageError(f"--address {site.address}: give the whole address of a host, such as https://stats.example/")
    try:
        family = socket.getaddrinfo(site.host, site.port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((site.host, site.port), family=family) as listener:
            return replace(site, port=listener.getsockname()[1])
    except (socket.gaierror, OverflowError):
        raise UsageError(f"nothing can listen at {site.host}, port {site.port}: there is no such address") from None
    except OSError as error:
        remedy = "; choose another with --port" if error.errno in (errno.EADDRINUSE, errno.EACCES) else ""
        raise UsageError(f"port {site.port} of {site.host} cannot be used: {error.strerror}{remedy}") from None


def is_number(host: str) -> bool:
    """Return whether a host is given by its number."""
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, seen by no other."""
    return ip_address(host).is_loopback if is_number(host) else host == "localhost"
