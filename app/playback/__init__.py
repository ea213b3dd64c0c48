"""Playing the local file: player, clock, preview of the cut."""
