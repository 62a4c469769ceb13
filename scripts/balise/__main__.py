"""`python -m balise` is the command line."""

from balise.cli.main import main

if __name__ == "__main__":
    main()
