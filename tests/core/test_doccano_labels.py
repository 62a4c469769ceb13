"""The label scheme as Doccano reads it."""

from balise.doccano_labels import make_label_configuration
from balise.labels import LabelScheme


def test_the_label_configuration_holds_every_label_under_doccano_s_keys(
    labels: LabelScheme,
) -> None:
    configuration = make_label_configuration(labels)
    assert tuple(label.text for label in configuration) == labels.names
    assert [label.suffix_key for label in configuration] == [x.hotkey for x in labels.labels]
    assert all(len(label.background_color) == 7 and label.description for label in configuration)
