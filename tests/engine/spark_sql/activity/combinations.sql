SELECT
  *
FROM combination
ORDER BY
  combination_id NULLS LAST
