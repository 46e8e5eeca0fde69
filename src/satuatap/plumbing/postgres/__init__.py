"""An embedded PostgreSQL: binaries from a wheel (or any folder), started as a direct child that dies with us."""
