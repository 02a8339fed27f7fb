"""Fix the environment on import: pytest loads this before pytest-django reads the settings."""

from tests import environment

environment.fix()
