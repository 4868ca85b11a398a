"""What the text of a change shows by itself, before anything is compiled."""
