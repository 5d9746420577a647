"""What every room uses: settings, the workspace, errors, words for messages, the base of config models."""
