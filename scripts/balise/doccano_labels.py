"""The label scheme as Doccano reads it."""

from balise.batches import DoccanoLabel
from balise.colours import contrasting_colour
from balise.labels import LabelScheme


def make_label_configuration(labels: LabelScheme) -> list[DoccanoLabel]:
    """Turn the label scheme into Doccano's label configuration, in the scheme's order."""
    return [
        DoccanoLabel(
            text=label.name,
            suffix_key=label.hotkey,
            background_color=label.colour,
            text_color=contrasting_colour(label.colour),
            description=label.fr,
        )
        for label in labels.labels
    ]
