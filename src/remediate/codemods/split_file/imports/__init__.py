"""Which imports each new module needs, and how they are written."""
