"""The files of a team's server: Doccano, PostgreSQL and a TLS proxy under Docker Compose."""
