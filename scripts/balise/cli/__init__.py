"""The command line, one file a group: parse the call, call one plain function, print a summary."""
