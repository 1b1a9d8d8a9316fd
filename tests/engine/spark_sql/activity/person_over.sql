CREATE OR REPLACE TABLE person_over AS
WITH total AS (
  SELECT
    person_id,
    SUM(CAST(amount AS DECIMAL(38, 0))) AS amount,
    SUM(CAST(GREATEST(amount, 0) AS DECIMAL(38, 0))) AS charges
  FROM judged_line
  WHERE
    fate = 'charged'
  GROUP BY
    person_id
), own_units AS (
  SELECT
    person_id,
    SUM(CAST(units AS DECIMAL(38, 0))) AS units
  FROM counted
  GROUP BY
    person_id
), threshold AS (
  SELECT
    t.person_id,
    t.amount,
    t.charges,
    CASE
      WHEN NOT :pro_rata
      THEN CAST(:threshold_pence AS DECIMAL(38, 0))
      ELSE CAST((
        CAST(2 * CAST(:threshold_pence AS DECIMAL(38, 0)) * CAST(COALESCE(u.units, 0) AS DECIMAL(38, 0)) + :units_per_year AS DECIMAL(38, 0)) - CAST(2 * CAST(:threshold_pence AS DECIMAL(38, 0)) * CAST(COALESCE(u.units, 0) AS DECIMAL(38, 0)) + :units_per_year AS DECIMAL(38, 0)) % CAST(2 * :units_per_year AS DECIMAL(38, 0))
      ) / CAST(2 * :units_per_year AS DECIMAL(38, 0)) AS DECIMAL(38, 0))
    END * CAST(:amounts_per_penny AS DECIMAL(38, 0)) AS threshold
  FROM total AS t
  LEFT JOIN own_units AS u
    ON u.person_id = t.person_id
)
SELECT
  person_id,
  threshold
FROM threshold
WHERE
  CASE WHEN :running THEN charges ELSE amount END > threshold
