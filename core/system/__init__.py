"""This installation: hosts and their slots, devices, processes, disk, and what the doctor looks at."""
