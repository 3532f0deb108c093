"""A worker whose leases are as short as the settings say.

`python -m tests.publishing.short_leases` and Celery's own words. The lease of a real
send outlives its longest call, which would make a test of recovery wait for minutes.
"""

from __future__ import annotations

from typing import Any

from celery.__main__ import main
from celery.signals import worker_init


@worker_init.connect
def shorten(**_: Any) -> None:
    from platforms import registry  # noqa: PLC0415
    from publishing.actions import publish  # noqa: PLC0415

    publish.MARGIN_S = 0
    for key in registry.PLATFORMS:
        registry.adapter_class(key).longest_send_s = 0


if __name__ == "__main__":
    main()
