"""Branch per fix: worktrees, the plan-check-commit loop, batches."""
