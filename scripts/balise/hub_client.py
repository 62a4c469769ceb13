"""The client of the Hugging Face Hub, as the environment sets it up."""

import os
import sys
from typing import TYPE_CHECKING

from balise.errors import BaliseError, first_line

if TYPE_CHECKING:
    from huggingface_hub import HfApi

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_SETTINGS = ("HF_ENDPOINT", *_PROXIES, "SSL_CERT_FILE", "SSL_CERT_DIR")


def open_client(place: str, patience: float) -> "HfApi":
    """Open the client, which gives a silent server up after so many seconds.

    Raises:
        BaliseError: the environment holds what it cannot start with; `place` is named.
    """
    try:
        return _open(patience)
    # A proxy for which a package is missing, certificates that are not there, no address.
    except (ImportError, OSError, ValueError) as error:
        given = [each for each in _SETTINGS if {each, each.lower()} & os.environ.keys()]
        raise BaliseError(
            place,
            f"the Hub's client cannot start ({first_line(error)})",
            f"correct or unset what the environment gives it: {', '.join(given)}",
        ) from error


def _open(patience: float) -> "HfApi":
    # With Xet the client makes several commits of a large folder, and dies on servers that
    # lack it. It reads the variable when it is imported.
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    from huggingface_hub import HfApi, get_session, utils

    if not sys.stderr.isatty():
        utils.disable_progress_bars()  # type: ignore[attr-defined]  # it is public
    get_session().timeout = patience
    # This too it reads when it is imported, which may have been for another Hub.
    return HfApi(endpoint=os.environ.get("HF_ENDPOINT", "").rstrip("/") or None)
