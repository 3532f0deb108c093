"""Django finds the staff's pages here; importing them registers them."""

from __future__ import annotations

from support.admin import help as help
from support.admin import operations as operations
from support.admin import people as people
from support.admin import places as places
from support.admin import posts as posts
from support.admin import safety as safety
