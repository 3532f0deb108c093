"""Django finds models by this module."""

from __future__ import annotations

from support.acting import Acting as Acting
from support.help_request import HelpMessage as HelpMessage
from support.help_request import HelpRequest as HelpRequest
