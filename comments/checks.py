"""System checks of what Django itself does not look at."""
