"""The lived-in workspace that `make demo` shows."""
