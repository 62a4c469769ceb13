"""Whose a project is, when several pushes make it at once."""

import pytest

from balise.doccano.client import Server
from balise.doccano.project import (
    complete_project,
    create_project,
    find_own,
    refuse_rival,
)
from balise.doccano_labels import make_label_configuration
from balise.errors import BaliseError
from balise.labels import LabelScheme

pytestmark = pytest.mark.doccano


def test_of_two_projects_begun_at_once_the_older_is_meant_whichever_is_ready_first(
    server: Server, labels: LabelScheme
) -> None:
    config = make_label_configuration(labels)
    older = create_project(server, "rivaux", "anne", "x")
    younger = complete_project(server, create_project(server, "rivaux", "anne", "x"), config)
    with pytest.raises(BaliseError, match="another push is making the same project"):
        refuse_rival(server, younger)
    refuse_rival(server, older)
    older = complete_project(server, older, config)
    refuse_rival(server, older)
    found = find_own(server, "rivaux", "anne")
    assert found is not None
    assert found.project.id == older.project.id
    server.delete_project(younger.project)


def test_a_copy_of_a_deleted_project_is_no_rival(server: Server, labels: LabelScheme) -> None:
    config = make_label_configuration(labels)
    first = complete_project(server, create_project(server, "copie", "anne", "x"), config)
    server.call("POST", f"projects/{first.project.id}/clone", "clone", json={})
    server.delete_project(first.project)
    again = create_project(server, "copie", "anne", "x")
    refuse_rival(server, complete_project(server, again, config))
