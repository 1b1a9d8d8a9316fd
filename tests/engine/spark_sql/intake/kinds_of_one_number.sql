SELECT
  COUNT(*) AS kinds
FROM (
  SELECT
    kind
  FROM combination
  GROUP BY
    kind
  HAVING
    COUNT(*) > 1
) AS shared
