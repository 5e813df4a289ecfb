"""Is a password easy to guess? A stolen copy of the database opens for whoever guesses one (NIST SP 800-63B, 5.1.1.2)."""

from __future__ import annotations

# A strong machine makes a few guesses in a second, as Argon2id makes each dear: so many take it a year or more.
GUESSES_LEAST = 10**8
# Characters. An @ may stand for an a and a 4 too: zxcvbn tries every reading of such signs, and many of them take long.
READ_MOST = 24


def is_easy_to_guess(password: str) -> bool:
    """Tell whether somebody who knows how people choose passwords needs fewer than GUESSES_LEAST guesses."""
    # Here, as its lists of words take a while to read, and only a new password needs them.
    from zxcvbn import zxcvbn

    return bool(zxcvbn(password[:READ_MOST])["guesses"] < GUESSES_LEAST)
