"""The two errors that a user can cause; everything else is a bug and keeps its traceback."""


class BaliseError(Exception):
    """The data, a server, the network or the disk is at fault (exit code 1).

    The message has three parts, because a user asks three things: where it is, what is wrong
    there, and what to do about it.
    """

    exit_code = 1

    def __init__(self, place: object, problem: str, remedy: str) -> None:
        super().__init__(f"{place}: {problem}; {remedy}")
        self.place = str(place)
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Let the error travel between processes."""
        return type(self), (self.place, self.problem, self.remedy)


class UsageError(BaliseError):
    """The call itself is wrong: an option, a name, a path that cannot be meant (exit code 2)."""

    exit_code = 2


def first_line(error: Exception) -> str:
    """Give the first line of another library's error that says something, or else its type."""
    lines = (line.strip() for line in str(error).splitlines())
    return next(filter(None, lines), type(error).__name__)
