SELECT
  provider,
  spells,
  lines,
  over_thousandths,
  submitted_pence
FROM spell_over
ORDER BY
  provider NULLS LAST
