"""Our own audit: what a workspace holds of what the rules are about. See ``inspect`` and ``assembly``."""
