"""Fill the demo workspace, once; the last line of the output says how to sign in."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from later.demo import people, workspace


class Command(BaseCommand):
    help = "Make the demo workspace against the sandbox (DEMO=1 only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo makes a known password: it needs DEMO=1.")
        if not workspace.build():
            self.stdout.write("The demo workspace stands already.")
        sign_in = {"email": people.EMAIL, "password": people.PASSWORD}
        self.stdout.write(json.dumps(sign_in))
