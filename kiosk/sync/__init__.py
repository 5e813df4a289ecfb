"""Kiosk to hub, over the network or on a stick: what to send now, sending it, and what came of it; packs the other way."""
