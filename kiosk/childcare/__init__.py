"""Places near here that look after children: what they are, where they come from, which are nearest."""
