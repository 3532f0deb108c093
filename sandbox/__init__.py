"""A local double of the social platforms: real HTTP, consent pages, faults, ledger.

Written from the platforms' documentation alone. It shares no code with the
product, so that an error of ours cannot hide behind the same error here.
"""

from __future__ import annotations
