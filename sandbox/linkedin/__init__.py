"""LinkedIn's double: OAuth of two kinds of apps, members, organizations and roles."""
