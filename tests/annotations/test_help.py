import pytest
from typer.testing import CliRunner

from balise.cli.annotations import app


@pytest.mark.parametrize("name", ["import", "check", "gold", "export"])
def test_each_command_has_help_that_ends_with_an_example(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0
    assert "Example: balise annotations " + name in " ".join(result.stdout.split())
