"""From a queued run to a process and back: slots, the standby that forks trainers, and the supervisor over both."""
