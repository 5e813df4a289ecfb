"""Read aloud: what is said, in what order of sounds and in which voice. A recorded clip first, else a synthesised voice."""
