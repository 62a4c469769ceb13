"""What the environment says of certificates and proxies, which requests obeys.

A mistake there is one for the whole run, and is told as one: not once for each page.
"""

import os
import re
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from balise.errors import BaliseError, first_line

if TYPE_CHECKING:
    from requests.adapters import HTTPAdapter


def require_certificates() -> None:
    """Accept the certificates that the environment names, if it does.

    Raises:
        BaliseError: they cannot be read.
    """
    named = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    name = next((name for name in named if os.environ.get(name)), None)
    if name is None:
        return
    path = Path(os.environ[name])
    try:
        if not path.is_dir():
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except OSError as error:
        raise BaliseError(
            f"{name}={path}",
            f"no certificates can be read there ({error.strerror or first_line(error)})",
            "name a file of certificates in PEM form, or unset the variable",
        ) from error


def require_proxy(url: str, adapter: "HTTPAdapter") -> None:
    """Accept the proxy that the environment names for an address, if it does.

    Raises:
        BaliseError: it is not written as one, or is of a kind that cannot be spoken to.
    """
    from requests.exceptions import RequestException
    from requests.utils import get_environ_proxies, prepend_scheme_if_needed, select_proxy
    from urllib3.exceptions import HTTPError
    from urllib3.util import parse_url

    try:
        proxy = select_proxy(url, get_environ_proxies(url))
    except ValueError:
        # The address itself is wrong, which is told where it is asked for.
        return
    if proxy is None:
        return
    try:
        whole = prepend_scheme_if_needed(proxy, "http")  # type: ignore[no-untyped-call]
        adapter.proxy_manager_for(whole)  # type: ignore[no-untyped-call]
        usable = bool(parse_url(whole).host)
    except (RequestException, HTTPError, ValueError):
        usable = False
    if not usable:
        raise BaliseError(
            f"{_variable(proxy)}={_without_password(proxy)}",
            "this proxy cannot be used",
            "write it as http://HOST:PORT, install PySocks for a socks5:// one, or unset it",
        )


def _variable(proxy: str) -> str:
    names = (name for name, value in os.environ.items() if value == proxy)
    return next((name for name in names if name.lower().endswith("_proxy")), "proxy")


def _without_password(proxy: str) -> str:
    return re.sub(r"^([\w+.-]+://)?.*@", r"\1…@", proxy)
