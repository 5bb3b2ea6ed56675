"""The bench: imports and public pages at full size, each measured beside a plain yardstick."""
