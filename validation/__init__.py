"""Validation against figures of others: each command reads a path and prints `N passed, N failed` last."""
