SELECT
  rule,
  provider,
  CAST(COALESCE(SUM(first_pence), 0) AS BIGINT) AS first_pence,
  CAST(COALESCE(SUM(second_pence), 0) AS BIGINT) AS second_pence,
  COUNT(*) AS cells,
  CAST(SUM(CASE WHEN money_apart OR quantity_apart THEN 1 ELSE 0 END) AS BIGINT) AS cells_apart
FROM tie_cell
GROUP BY
  rule,
  provider
ORDER BY
  rule NULLS LAST,
  provider NULLS LAST
