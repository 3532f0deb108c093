"""What `make bench` measures; one module an area. The names of results are fixed."""

from __future__ import annotations
