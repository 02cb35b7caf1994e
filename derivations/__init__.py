"""Published and general results, one file each: statement, domain, source, derivation, planted errors."""
