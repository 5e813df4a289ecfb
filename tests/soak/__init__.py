"""Hundreds of kills and cut connections; what is lost or doubled must be 0. `python -m tests.soak`, or `make soak`."""
