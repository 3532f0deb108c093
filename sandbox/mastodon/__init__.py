"""Mastodon's double: several servers of several versions, for connecting."""
