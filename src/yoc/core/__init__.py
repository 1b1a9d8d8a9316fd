"""Money, rates, periods, identifiers and findings: what every other room stands on. Pure."""
