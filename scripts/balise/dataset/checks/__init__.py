"""What `balise dataset check` looks for: one file a check, run by `balise.dataset.check`."""
