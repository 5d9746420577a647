"""People's own scripts: the folders they are in, where they are entered, what can be set, and snapshots of their code.

Sources are read and never run here.
"""
