"""Stream backends and the contract that each has to keep."""
