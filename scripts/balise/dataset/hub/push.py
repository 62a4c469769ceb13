"""A dataset folder is published on the Hugging Face Hub: one commit, read back, then a tag."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from balise.dataset.hub.contents import Contents, read_contents
from balise.dataset.hub.diff import Diff, diff_contents, smaller_gold
from balise.dataset.hub.published import NOTHING, Standing, Track, look, read_published, tag_name
from balise.dataset.hub.recorded import stale, taken_back, unrecorded
from balise.dataset.manifest import MANIFEST, Manifest, file_problems, read_manifest
from balise.dataset.release import Inputs
from balise.dataset.versions import read_version, require_version
from balise.errors import BaliseError
from balise.hub import MAY_WRITE, Repository
from balise.scratch import scratch_folder

_REMARKS = frozenset({"README.md", "LICENSE", "LICENSE.md"})
"""What the Hub's pages put into a new repository; anything else is somebody's work."""


class Access(msgspec.Struct, frozen=True):
    """What a push makes of a repository: only seen by its members, only read on request.

    What is not asked for stays as it is on the Hub.
    """

    private: bool = False
    gated: bool = False

    def missing(self, standing: Standing) -> "Access":
        """Give what is asked for and not so yet."""
        return Access(self.private and not standing.private, self.gated and not standing.gated)


class Pushed(msgspec.Struct, frozen=True):
    """What a push did or, where `dry`, would do; `refusals` say why it would not.

    `made` says whether there is a new commit; `files` counts those that were compared.
    """

    repo: str
    url: str
    dry: bool
    there: bool
    version: str
    tag: str
    diff: Diff
    access: Access
    refusals: tuple[str, ...] = ()
    commit: str | None = None
    made: bool = False
    files: int = 0


def push_dataset(
    folder: Path,
    repo: str,
    inputs: Inputs,
    access: Access | None = None,
    *,
    yes: bool = False,
    force: bool = False,
    track: Track = iter,
    say: Callable[[str], None] = lambda _: None,
) -> Pushed:
    """Compare a dataset folder with what is published and, on `yes`, publish it.

    The repository is made where it is not there, and closed before anything is sent. Then
    everything goes in one commit on top of the one that was compared, is read back, and tagged
    with the manifest's version. What is there already is not sent again, so that a push that
    was cut off at any point is finished by another one. What the dataset was made from, `inputs`,
    must be as it was then, and committed where git holds it.

    Raises:
        UsageError: the repository's name is none.
        BaliseError: the folder is not what was built, the Hub refuses or cannot be reached, it
            holds something else than was sent; or, on `yes`, the sources are others or not
            committed, the gold is smaller or the version older (unless by `force`), an article was
            withdrawn, or the version is published with another content.
    """
    hub, access = Repository(repo, "dataset"), access or Access()
    with scratch_folder() as scratch:
        frozen = scratch / "dataset"
        manifest = _freeze(folder, frozen)
        tag = tag_name(manifest.version, str(folder / MANIFEST))
        say("Comparing with what is published")
        standing = look(hub)
        published = NOTHING
        same = False
        if standing is not None:
            published = read_published(hub, standing.commit, track)
            with hub.asking("what is published cannot be compared", MAY_WRITE):
                same = not hub.differing(standing.commit, frozen)
        contents = read_contents(frozen)
        diff = diff_contents(published, contents)
        refusals = [
            *stale(manifest, folder, inputs),
            *taken_back(contents, folder, inputs.corpus),
            *unrecorded(inputs),
            *_refusals(hub, standing, published, tag, same=same),
        ]
        newest = read_version(published.version or "")
        if newest and not same and require_version(manifest.version) < newest and not force:
            problem = f"holds version {published.version}, and {manifest.version} is older"
            remedy = "build it with a later --version, or push with --force if that is meant"
            refusals.append(BaliseError(hub.name, problem, remedy))
        if (loss := smaller_gold(published, contents, manifest.withdrawn)) and not force:
            remedy = "if that is meant, push with --force"
            refusals.append(BaliseError(hub.name, f"would hold {loss}", remedy))
        result = Pushed(
            repo=repo,
            url=f"{hub.api.endpoint}/datasets/{repo}",
            dry=not yes,
            there=standing is not None,
            version=manifest.version,
            tag=tag,
            diff=diff,
            access=access if standing is None else access.missing(standing),
            refusals=tuple(str(each) for each in refusals),
        )
        if not yes:
            return result
        if refusals:
            for other in refusals[1:]:
                refusals[0].add_note(f"balise: {other}")
            raise refusals[0]
        standing = _open(hub, standing, access)
        say(f"Sending {len(diff.files.added) + len(diff.files.changed)} files")
        if same:
            commit, files = standing.commit, hub.read_back(standing.commit, frozen)
        else:
            commit, files = hub.publish(frozen, f"Version {manifest.version}", standing.commit)
        if standing.tags.get(tag) != commit:
            hub.tag(tag, commit, "build the dataset with another --version and push that")
    return msgspec.structs.replace(result, commit=commit, made=not same, files=files)


def _freeze(folder: Path, frozen: Path) -> Manifest:
    """Copy the files of a dataset folder, so that what was looked at is what is sent.

    Raises:
        BaliseError: there is no dataset, or it is not what was built.
    """
    read_manifest(folder)
    # A link that leads nowhere is a file that is missing, which the manifest tells.
    shutil.copytree(
        folder, frozen, ignore=shutil.ignore_patterns(".*"), ignore_dangling_symlinks=True
    )
    manifest = read_manifest(frozen)
    if problems := list(file_problems(frozen, manifest)):
        raise BaliseError(
            folder, f"is not what was built: {'; '.join(problems[:5])}", "build the dataset again"
        )
    return manifest


def _refusals(
    hub: Repository,
    standing: Standing | None,
    published: Contents,
    tag: str,
    *,
    same: bool,
) -> Iterator[BaliseError]:
    """Yield what stands against replacing what is published."""
    if standing is None:
        return
    at = standing.tags.get(tag)
    if at is not None and not (same and at == standing.commit):
        yield BaliseError(
            hub.name,
            f"tag {tag} stands on commit {at[:12]}, which is not this dataset",
            "build it with another --version",
        )
    strange = sorted(published.files.keys() - _REMARKS) if published.version is None else []
    if strange:
        yield BaliseError(
            hub.name,
            f"holds no dataset of balise but other files: {', '.join(strange[:5])}",
            "choose another repository, or delete them on the Hub yourself",
        )


def _open(hub: Repository, standing: Standing | None, access: Access) -> Standing:
    """Make the repository where it is not there, and close it as asked, before anything is sent.

    Raises:
        BaliseError: the Hub refuses, or did not do it.
    """
    if standing is None:
        problem = "cannot be made, or is there and this token may not see it"
        with hub.asking(problem, MAY_WRITE):
            hub.api.create_repo(hub.name, repo_type=hub.kind, private=access.private)
        standing = look(hub)
    if standing is not None and (todo := access.missing(standing)) != Access():
        with hub.asking("cannot be made private or gated; nothing was sent", MAY_WRITE):
            hub.api.update_repo_settings(
                hub.name,
                repo_type=hub.kind,
                private=todo.private or None,
                gated="manual" if todo.gated else None,
            )
        standing = look(hub)
    if standing is None or access.missing(standing) != Access():
        raise BaliseError(
            hub.name, "is not open as asked after all; nothing was sent", "look at its settings"
        )
    return standing
