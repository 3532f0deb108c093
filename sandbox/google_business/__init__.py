"""Google's double: OAuth for web servers, and Business Profile's accounts and places."""
