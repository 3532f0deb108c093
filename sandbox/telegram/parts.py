"""What the Bot API's methods share: one of each for a running sandbox."""

from __future__ import annotations

from sandbox.telegram.chats import Chats
from sandbox.telegram.files import Files
from sandbox.telegram.flood import Flood
from sandbox.telegram.posts import Posts
from sandbox.telegram.updates import Updates
from sandbox.world import World


class Parts:
    def __init__(self, world: World) -> None:
        self.world = world
        self.chats = Chats(world)
        self.posts = Posts(world)
        self.files = Files(world)
        self.flood = Flood(world)
        self.updates = Updates(world)

    def forget(self) -> None:
        """Drop what lives in memory only."""
        self.flood.forget()
        self.updates.forget()
