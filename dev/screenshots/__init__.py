"""Pictures of the demo company for the page of the Apps list and the README, the banner and the icons."""
