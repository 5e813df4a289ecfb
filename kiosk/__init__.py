"""Waymark: a touch guide on the path to work or training, and a safe call back."""

__version__ = "0.1.0"
