"""What a run starts from: workspace, audits, configuration."""
