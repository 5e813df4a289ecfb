"""The proof of a pack: every screen measured and drawn where nobody sees it, for staff to look at before parents do."""
