WITH total AS (
  SELECT
    l.person_id,
    GREATEST(SUM(CAST(l.amount AS DECIMAL(38, 0))) - MAX(o.threshold), 0) AS over,
    SUM(CAST(GREATEST(l.amount, 0) AS DECIMAL(38, 0))) AS charges
  FROM judged_line AS l
  JOIN person_over AS o
    ON o.person_id = l.person_id
  WHERE
    l.fate = 'charged'
  GROUP BY
    l.person_id
), highest AS (
  SELECT
    l.person_id,
    l.host_id,
    l.segment_id,
    d.setting,
    d.provider,
    l.month,
    l.day,
    l.line_id,
    l.amount,
    t.over,
    t.charges,
    t.over * (
      CAST(l.amount AS BIGINT) DIV 1000000000
    ) AS product
  FROM judged_line AS l
  JOIN total AS t
    ON t.person_id = l.person_id
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  WHERE
    l.fate = 'charged' AND l.amount > 0
), shared AS (
  SELECT
    person_id,
    host_id,
    segment_id,
    setting,
    provider,
    month,
    day,
    line_id,
    amount,
    over,
    CAST((
      CAST(product AS DECIMAL(38, 0)) - CAST(product AS DECIMAL(38, 0)) % CAST(charges AS DECIMAL(38, 0))
    ) / CAST(charges AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) * 1000000000 + CAST((
      CAST(product % charges * 1000000000 + over * (
        amount % 1000000000
      ) AS DECIMAL(38, 0)) - CAST(product % charges * 1000000000 + over * (
        amount % 1000000000
      ) AS DECIMAL(38, 0)) % CAST(charges AS DECIMAL(38, 0))
    ) / CAST(charges AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS share
  FROM highest
), placed AS (
  SELECT
    *,
    over - SUM(CAST(share AS DECIMAL(38, 0))) OVER (PARTITION BY person_id) AS units_left,
    ROW_NUMBER() OVER (
      PARTITION BY person_id
      ORDER BY day NULLS LAST, line_id NULLS LAST, provider NULLS LAST, setting NULLS LAST, amount NULLS LAST
    ) AS place
  FROM shared
), lost AS (
  SELECT
    host_id,
    segment_id,
    setting,
    provider,
    month,
    share + CASE WHEN place <= units_left THEN 1 ELSE 0 END AS over
  FROM placed
)
SELECT
  host_id,
  segment_id,
  setting,
  provider,
  month,
  CAST(SUM(CAST(over AS BIGINT) DIV 1000000000) AS BIGINT) AS over_high,
  CAST(SUM(over % 1000000000) AS BIGINT) AS over_low
FROM lost
GROUP BY
  host_id,
  segment_id,
  setting,
  provider,
  month
HAVING
  SUM(CAST(over AS DECIMAL(38, 0))) <> 0
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  setting NULLS LAST,
  provider NULLS LAST,
  month NULLS LAST
