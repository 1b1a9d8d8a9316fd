-- Providers with spells that have more bed days than they lasted.
SELECT provider, spells, lines, over_thousandths, submitted_pence FROM spell_over ORDER BY provider
