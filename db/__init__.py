"""The store: tables, migrations and queries. Imports nothing of Traindeck's; returns frozen records, never commits."""
