"""What a parent takes along: a printed slip, or a short text that a phone reads from the screen."""
