"""After the decision: fiches, PUT calendar, safety reports."""
