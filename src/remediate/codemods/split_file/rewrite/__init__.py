"""Write a split: the facade, the new modules, visibilities, the manifest."""
