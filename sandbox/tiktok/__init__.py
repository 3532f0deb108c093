"""TikTok's double: Login Kit and what connecting asks of the posting API."""
