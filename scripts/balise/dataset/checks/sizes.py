"""Numbers of files and of bytes, held against what the Hub and its viewer bear."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from balise.dataset.checks.hub_lists import Limits
from balise.dataset.checks.stands import Standing


def size_problems(standing: Standing, limits: Limits) -> Iterator[str]:
    """Yield what is too much or too large, and Parquet files without a row."""
    yield from _file_problems(standing.sizes, limits)
    shown = sum(size for name, size in standing.sizes.items() if name.endswith(".parquet"))
    if shown > limits.bytes_of_the_viewer:
        yield (
            f"the Parquet files have {shown} bytes, the viewer searches "
            f"{limits.bytes_of_the_viewer}; leave out a config, or publish in parts"
        )
    for part in standing.parts:
        if not part.count:
            yield f"{part.name} has no row, and `datasets` refuses such a split; leave it out"
        if part.groups and max(part.groups) > limits.bytes_of_a_row_group:
            yield (
                f"{part.name}: a row group of {max(part.groups)} bytes, the viewer reads "
                f"{limits.bytes_of_a_row_group}; write fewer rows to a group"
            )


def _file_problems(sizes: Mapping[str, int], limits: Limits) -> Iterator[str]:
    count = len(sizes)
    if count > limits.files:
        yield f"{count} files, the Hub takes {limits.files}; put rows together"
    elif count > limits.files_in_a_commit:
        yield (
            f"{count} files, one commit should have {limits.files_in_a_commit}; put rows together"
        )
    folders = Counter(PurePosixPath(name).parent.as_posix() for name in sizes)
    for folder, number in folders.items():
        if number > limits.files_in_a_folder:
            yield (
                f"{folder}: {number} files, a folder may have {limits.files_in_a_folder}; "
                "put rows together"
            )
    for name, size in sizes.items():
        if size > limits.bytes_of_a_file:
            yield f"{name}: {size} bytes, a file may have {limits.bytes_of_a_file}; write shards"
