"""Runs on this host: the standby, which forks trainers, and its client in the supervisor."""
