"""Hosts that only whoever asks can reach: no page of the web should lead there."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


def is_local(url: str) -> bool:
    """Tell whether an address names this machine or a network that is not the web's.

    Its host is taken as it is written: « localhost » and IP addresses, in the short forms too
    that systems read (« 127.1 »). Other names are not looked up.

    Raises:
        ValueError: it is no address.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    number = _number(host)
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    number = mapped or number
    return number is not None and (not number.is_global or number.is_multicast)


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None
