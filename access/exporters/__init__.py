"""Files made of what the pages of access show."""
