"""One public source, one module: parse to typed rows, check, difference, apply, report."""
