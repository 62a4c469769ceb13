"""How long a call to the server may take, and which calls are tried again.

Only reading is tried again: a call that changes something may have done so before its answer
was lost.
"""

import math
import os
import time
from typing import Any

from balise.errors import UsageError

VARIABLE = "BALISE_DOCCANO_TIMEOUT"
USUAL = 300.0

_PAUSES = (0.5, 1.0, 2.0)
# What a web server says for a Doccano behind it that is being restarted.
_PASSING = (502, 503, 504)


def time_limit() -> float:
    """Read how many seconds the server may be silent: `BALISE_DOCCANO_TIMEOUT`, or 300.

    Raises:
        UsageError: the variable is not a positive number.
    """
    written = os.environ.get(VARIABLE) or str(USUAL)
    try:
        seconds = float(written)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError(f"{VARIABLE}={written}", "is no number of seconds", "set it to 300, say")
    return seconds


def patient_adapter(seconds: float, authority: str | None) -> Any:  # noqa: ANN401 - untyped
    """Make an adapter that gives every call a time limit and reads its answer to the end.

    A GET whose connection is cut, or that a web server in front of Doccano could not pass on, is
    tried again three times. One that takes too long or whose connection is refused is not.

    The authority for certificates is given here too: what the session is told of it yields to
    the environment's REQUESTS_CA_BUNDLE.
    """
    from requests import ConnectionError as Unconnected
    from requests.adapters import HTTPAdapter
    from requests.exceptions import ChunkedEncodingError, SSLError, Timeout
    from urllib3.exceptions import NewConnectionError, ReadTimeoutError

    ours = {"timeout": seconds, **({"verify": authority} if authority else {})}
    lasting = (NewConnectionError, ReadTimeoutError, SSLError, Timeout)

    def is_passing(error: Exception) -> bool:
        cause = error.args[0] if error.args else None
        causes = (error, cause, getattr(cause, "reason", None))
        return not any(isinstance(one, lasting) for one in causes)

    class PatientAdapter(HTTPAdapter):
        def send(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - as requests has it
            pauses = iter(_PAUSES if args[0].method == "GET" else ())
            while True:
                pause = next(pauses, None)
                try:
                    answer = super().send(*args, **{**options, **ours})
                    # A part of an answer would pass for the whole.
                    answer.raw.enforce_content_length = True
                    answer.content  # noqa: B018 - reads it
                    if pause is None or answer.status_code not in _PASSING:
                        return answer
                except (Unconnected, ChunkedEncodingError) as error:
                    if pause is None or not is_passing(error):
                        raise
                time.sleep(pause)

    return PatientAdapter()
