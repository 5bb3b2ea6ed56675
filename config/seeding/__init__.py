"""Invented organisations, people and dossiers, made through the services."""
