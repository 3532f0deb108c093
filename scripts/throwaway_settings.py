"""Settings as an operator would give them, with secrets made up for one command.

`python -m scripts.throwaway_settings COMMAND …` runs it with them: for what needs the
settings to load but neither secrets nor servers, such as collecting static files.
"""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys

from scripts.console import fail


def production() -> dict[str, str]:
    return {
        "DEBUG": "0",
        "DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "TOKEN_KEYS": f"none:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "ALLOWED_HOSTS": "later.example",
        "BASE_URL": "https://later.example",
        "DATABASE_URL": "postgres://127.0.0.1/later",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp://mail.later.example:587",
        "TRUSTED_PROXIES": "127.0.0.1",
        "PLATFORM_GATEWAY": "",
        "PLATFORM_DIRECT_HOSTS": "",
    }


def main() -> None:
    command = sys.argv[1:]
    if not command:
        fail("Say what to run: python3 -m scripts.throwaway_settings COMMAND …")
    environment = {**os.environ, **production()}
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
