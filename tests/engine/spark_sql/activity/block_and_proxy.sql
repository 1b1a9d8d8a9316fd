WITH block AS (
  SELECT
    d.provider,
    d.setting,
    CAST(COALESCE(SUM(CASE WHEN l.fate = 'charged' THEN l.submitted_pence END), 0) AS BIGINT) AS charged_pence,
    CAST(COALESCE(SUM(CASE WHEN l.fate = 'charged' THEN l.lines END), 0) AS BIGINT) AS charged_lines,
    CAST(SUM(l.submitted_pence) AS BIGINT) AS block_pence
  FROM line_cell AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  WHERE
    c.point_of_delivery = 'BLOCK' AND l.fate IN ('charged', 'no_person')
  GROUP BY
    d.provider,
    d.setting
), proxy AS (
  SELECT
    d.provider,
    d.setting,
    CAST(SUM(l.amount_high) AS BIGINT) AS proxy_high,
    CAST(SUM(l.amount_low) AS BIGINT) AS proxy_low
  FROM line_cell AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  WHERE
    c.cost_basis = 'proxy' AND l.fate = 'charged'
  GROUP BY
    d.provider,
    d.setting
)
SELECT
  b.provider,
  b.setting,
  b.charged_pence,
  b.charged_lines,
  b.block_pence,
  p.proxy_high,
  p.proxy_low
FROM block AS b
JOIN proxy AS p
  ON p.provider = b.provider AND p.setting = b.setting
ORDER BY
  b.provider NULLS LAST,
  b.setting NULLS LAST
