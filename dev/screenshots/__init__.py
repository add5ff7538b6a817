"""Pictures of the demo company for the store page and the README."""
