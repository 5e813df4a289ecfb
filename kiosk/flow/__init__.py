"""The guided conversation: a flowchart, walked one question at a time. Pure: no clock, no disk, no screen."""
