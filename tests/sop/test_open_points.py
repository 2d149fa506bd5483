"""What is not certain in a version is said to whoever asks."""

from click.testing import CliRunner

from registry.cli import main
from sop.version import Sop


def test_the_command_lists_every_open_point_in_both_languages(sop: Sop) -> None:
    answer = CliRunner().invoke(main, ["sop", "open-points"])
    assert answer.exit_code == 0
    assert len(sop.open_points) > 0
    for point in sop.open_points:
        assert point.text.zh in answer.output
        assert point.text.en in answer.output
