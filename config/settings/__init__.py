"""Settings: base (shared), dev (embedded), test, prod. Read from the environment here only."""
