"""From the files in which people keep published data sets to arrays."""
