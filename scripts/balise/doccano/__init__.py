"""Tasks go to a Doccano server and confirmed readings come back."""
