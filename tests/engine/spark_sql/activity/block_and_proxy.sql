WITH block AS (
  SELECT
    j.provider,
    j.setting,
    CAST(COALESCE(SUM(CASE WHEN j.fate = 'charged' THEN j.submitted_pence END), 0) AS BIGINT) AS charged_pence,
    CAST(SUM(CASE WHEN j.fate = 'charged' THEN 1 ELSE 0 END) AS BIGINT) AS charged_lines,
    CAST(COALESCE(SUM(j.submitted_pence), 0) AS BIGINT) AS block_pence
  FROM judged_line AS j
  JOIN combination AS c
    ON c.combination_id = j.combination_id
  WHERE
    c.point_of_delivery = 'BLOCK' AND j.fate IN ('charged', 'no_person')
  GROUP BY
    j.provider,
    j.setting
), proxy AS (
  SELECT
    j.provider,
    j.setting,
    CAST(SUM(CAST(j.amount AS BIGINT) DIV 1000000000) AS BIGINT) AS proxy_high,
    CAST(SUM(j.amount % 1000000000) AS BIGINT) AS proxy_low
  FROM judged_line AS j
  JOIN combination AS c
    ON c.combination_id = j.combination_id
  WHERE
    c.cost_basis = 'proxy' AND j.fate = 'charged'
  GROUP BY
    j.provider,
    j.setting
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
