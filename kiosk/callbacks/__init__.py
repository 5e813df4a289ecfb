"""'Please ring me': a request is sealed in memory, kept in the outbox, and leaves only for the hub."""
