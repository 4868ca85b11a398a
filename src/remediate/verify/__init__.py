"""Gates that say whether a change kept the program's meaning."""
