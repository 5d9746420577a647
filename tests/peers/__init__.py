"""Other tools' own tests, pointed at our server; `make peers-tests` runs them, from a checkout that you have."""
