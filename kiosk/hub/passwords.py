"""Is a password easy to guess? A stolen copy of the database opens for whoever guesses one (NIST SP 800-63B, 5.1.1.2)."""

from __future__ import annotations

# What Argon2id makes of so many guesses, of which a strong machine makes a few in a second, is years.
GUESSES_LEAST = 10**8
READ_MOST = (
    24  # characters: of signs that stand for letters, such as @ and 4, all readings are tried, and many take long
)


def is_easy_to_guess(password: str) -> bool:
    """Tell whether somebody who knows how people choose passwords needs fewer than GUESSES_LEAST guesses."""
    # Here, as its lists of words take a while to read, and only a new password needs them.
    from zxcvbn import zxcvbn

    return bool(zxcvbn(password[:READ_MOST])["guesses"] < GUESSES_LEAST)
