"""Which authority a server's TLS certificate is checked against, and what is wrong with one."""

import os
import re
import ssl

from balise.errors import BaliseError

VARIABLE = "BALISE_DOCCANO_CA"

# What OpenSSL found wrong, and what urllib3 says where the name is not the certificate's.
_WRONG = re.compile(r"certificate verify failed: (.+?) \(_ssl|(hostname .+? doesn't match [^)\"]+)")


def authority() -> str | None:
    """Return the file of authorities that `BALISE_DOCCANO_CA` names, or None for the usual ones.

    Raises:
        BaliseError: it cannot be read, or holds no certificate.
    """
    if not (path := os.environ.get(VARIABLE)):
        return None
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        reason = "it is no PEM file" if isinstance(error, ssl.SSLError) else error.strerror
        raise BaliseError(
            f"{VARIABLE}={path}",
            f"holds no certificate that can be read ({reason})",
            "name the PEM file of the authority that signed the server's certificate",
        ) from None
    return path


def refused(place: str, error: Exception) -> BaliseError:
    """Turn a failed TLS handshake into an error that names the certificate's fault and a remedy."""
    if (wrong := _WRONG.search(str(error))) is None:
        return BaliseError(
            place,
            f"no TLS connection ({str(error)[-120:]})",
            "check the URL: its scheme, host name and port",
        )
    fault = str(wrong[1] or wrong[2]).rstrip(".")
    if "match" in fault:
        remedy = "write the URL with a host name that the certificate bears"
    elif "expired" in fault:
        remedy = "have the server's certificate renewed"
    else:
        remedy = (
            f"if the server is yours, set {VARIABLE} to the PEM file of the authority that "
            "signed its certificate"
        )
    return BaliseError(place, f"its TLS certificate is not trusted ({fault})", remedy)
