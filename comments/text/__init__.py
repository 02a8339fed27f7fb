"""Language only: Thai text, Buddhist-era dates. No Django models, usable from any shell."""
