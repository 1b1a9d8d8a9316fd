WITH person AS (
  SELECT
    person_id
  FROM counted
  UNION
  SELECT
    person_id
  FROM person_total
), total AS (
  SELECT
    person_id,
    CAST(amount_high AS DECIMAL(38, 0)) * 1000000000 + amount_low AS amount
  FROM person_total
), ranked AS (
  SELECT
    GREATEST(COALESCE(t.amount, 0), 0) AS amount,
    ROW_NUMBER() OVER (ORDER BY COALESCE(t.amount, 0) NULLS LAST) AS place,
    COUNT(*) OVER () AS people
  FROM person AS p
  LEFT JOIN total AS t
    ON t.person_id = p.person_id
), chosen AS (
  SELECT
    CAST((
      CAST(amount + 10000 * CAST(:amounts_per_penny AS DECIMAL(38, 0)) - 1 AS DECIMAL(38, 0)) - CAST(amount + 10000 * CAST(:amounts_per_penny AS DECIMAL(38, 0)) - 1 AS DECIMAL(38, 0)) % CAST(10000 * CAST(:amounts_per_penny AS DECIMAL(38, 0)) AS DECIMAL(38, 0))
    ) / CAST(10000 * CAST(:amounts_per_penny AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) AS DECIMAL(38, 0)) * 10000 AS threshold_pence
  FROM ranked
  WHERE
    place = CAST((
      CAST(CAST(:part AS DECIMAL(38, 0)) * people + :whole - 1 AS DECIMAL(38, 0)) - CAST(CAST(:part AS DECIMAL(38, 0)) * people + :whole - 1 AS DECIMAL(38, 0)) % CAST(:whole AS DECIMAL(38, 0))
    ) / CAST(:whole AS DECIMAL(38, 0)) AS DECIMAL(38, 0))
)
SELECT
  CAST(c.threshold_pence AS BIGINT) AS threshold_pence,
  CAST(COALESCE(
    SUM(
      CASE
        WHEN r.amount > c.threshold_pence * CAST(:amounts_per_penny AS DECIMAL(38, 0))
        THEN 1
        ELSE 0
      END
    ),
    0
  ) AS BIGINT) AS people_over
FROM chosen AS c
CROSS JOIN ranked AS r
GROUP BY
  c.threshold_pence
