"""Which server the commands speak to: the one named in the environment, or the one we started."""

import os
from pathlib import Path

from balise.doccano.client import Server
from balise.doccano.credentials import ADMIN, admin_password
from balise.doccano.processes import alive
from balise.doccano.server import running
from balise.errors import BaliseError


def connect(home: Path) -> Server:
    """Log in as the admin of `BALISE_DOCCANO_URL`, or of the server that runs in `home`.

    Raises:
        BaliseError: no server is named or runs, the one named comes without
            `BALISE_DOCCANO_PASSWORD`, or it refuses the login.
    """
    if url := os.environ.get("BALISE_DOCCANO_URL"):
        # The password of our own server is no other server's business.
        if not (password := os.environ.get("BALISE_DOCCANO_PASSWORD")):
            raise BaliseError(
                url,
                "no password for this server",
                "set BALISE_DOCCANO_PASSWORD, or unset BALISE_DOCCANO_URL for the server of "
                f"{home}",
            )
        return Server(url, os.environ.get("BALISE_DOCCANO_USER", ADMIN), password)
    password = admin_password(home)
    if (state := running(home)) is None:
        raise BaliseError(
            home,
            "no Doccano runs here",
            "start it with `balise doccano up`, or set BALISE_DOCCANO_URL",
        )
    server = Server(state.url, ADMIN, password)
    server.worker_runs = lambda: alive(state.worker)
    return server
