"""Prepare Doccano's database: tables, roles and the admin.

Doccano's own Python runs this file, with Doccano's `backend` folder as working directory. The
admin's name and password come as JSON on standard input, because arguments are seen by every
user of the machine.
"""

import json
import sys


def main() -> None:
    """Create what is missing; an admin who exists gets the password given."""
    import django
    from django.core import management

    login = json.load(sys.stdin)
    django.setup()
    management.call_command("migrate", verbosity=0)
    management.call_command("create_roles")

    from django.db import connection

    if connection.vendor == "sqlite":
        # Else an import and an export refuse whoever reads or writes for five seconds beside them.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")

    from django.contrib.auth import get_user_model

    admin, _ = get_user_model().objects.get_or_create(
        username=login["username"], defaults={"is_staff": True, "is_superuser": True}
    )
    if not admin.check_password(login["password"]):
        admin.set_password(login["password"])
        admin.save()


if __name__ == "__main__":
    main()
