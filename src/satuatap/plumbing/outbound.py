"""Asking an address that somebody else chose: only where the city allows it, never redirected, never for long.

A name is looked up once, every address behind it is checked, and the connection goes to the address that was checked:
a name that points elsewhere a moment later (DNS rebinding) reaches nothing. Private, loopback, link-local and other
special addresses are refused unless the city's settings name their network.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
TIMEOUT_S = 5.0  # for each wait
LONGEST_S = 10.0  # for everything: an answer that drips in is cut off


class OutboundTrouble(Exception):
    """The address may not be asked, or could not be: ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was checked, and the one place that a connection to it goes to."""

    parts: SplitResult
    host: str
    port: int
    ip: str


def networks_of(text: str) -> tuple[IpNetwork, ...]:
    """Networks as an environment names them, by commas; raises ``ValueError``."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def check_target(url: str, allowed: Sequence[IpNetwork] = ()) -> Target:
    """Where a connection to the address may go; plain http only inside the allowed networks."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise OutboundTrouble("unreadable") from None
    strange = any(ord(letter) <= 32 or ord(letter) > 126 or letter == "\\" for letter in url)
    if parts.scheme not in ("http", "https") or not host or strange or parts.username or parts.fragment:
        raise OutboundTrouble("unreadable")
    found = _addresses(host, port)
    inside = all(any(ip in network for network in allowed) for ip in found)
    if not all(_is_public(ip) or any(ip in network for network in allowed) for ip in found):
        raise OutboundTrouble("private_address")
    if parts.scheme == "http" and not inside:
        raise OutboundTrouble("not_https")
    return Target(parts, host, port, str(found[0]))


def _addresses(host: str, port: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise OutboundTrouble("unknown_host") from None
    found = []
    for row in rows:
        ip = ipaddress.ip_address(str(row[4][0]).partition("%")[0])
        mapped = getattr(ip, "ipv4_mapped", None)
        found.append(mapped or ip)
    if not found:
        raise OutboundTrouble("unknown_host")
    return list(dict.fromkeys(found))


def _is_public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # 64:ff9b::/96 and 2002::/16 carry an IPv4 address inside, which a gateway would reach.
    wrapped = isinstance(ip, ipaddress.IPv6Address) and (ip.sixtofour or ip in ipaddress.ip_network("64:ff9b::/96"))
    return ip.is_global and not ip.is_multicast and not wrapped


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, target: Target, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self._target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self._target.ip, self._target.port), self.timeout)
        if self._target.parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self._target.host)

    def cut(self) -> None:
        """End it from another thread: whoever reads gets the end of the stream."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(target: Target, body: bytes, headers: Mapping[str, str], timeout: float = TIMEOUT_S) -> int:
    """POST the body; the status of the answer. A redirect is an answer like any other. Its body is not read."""
    path = target.parts.path or "/"
    if target.parts.query:
        path += "?" + target.parts.query
    connection = _Pinned(target, timeout)
    standard = (target.parts.scheme, target.port) in (("http", 80), ("https", 443))
    name = f"[{target.host}]" if ":" in target.host else target.host
    cut = threading.Timer(LONGEST_S, connection.cut)
    cut.start()
    try:
        sent = {"Host": name if standard else f"{name}:{target.port}", "Connection": "close", **headers}
        connection.request("POST", path, body, sent)
        return int(connection.getresponse().status)
    except TimeoutError:
        raise OutboundTrouble("timeout") from None
    except ssl.SSLError:
        raise OutboundTrouble("certificate") from None
    except OSError:
        raise OutboundTrouble("unreachable") from None
    except (http.client.HTTPException, ValueError):
        raise OutboundTrouble("no_answer") from None
    finally:
        cut.cancel()
        connection.close()
