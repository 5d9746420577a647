"""How texts are cut into words and characters, and joined again: by rules that have a version.

A network knows tokens by the numbers of its run's vocabulary. Rules that change would give it others: the version is
stored with each data set and each vocabulary, and old ones are read by the rules they were made by.
"""
