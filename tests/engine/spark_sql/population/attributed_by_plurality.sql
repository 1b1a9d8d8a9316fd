CREATE OR REPLACE TABLE attributed AS
WITH lived AS (
  SELECT
    person_id,
    host_id,
    SUM(CAST(to_day - from_day AS DECIMAL(38, 0))) AS days,
    MIN(from_day) AS first_day,
    MAX(to_day) AS end_day
  FROM residence
  GROUP BY
    person_id,
    host_id
), ranked AS (
  SELECT
    person_id,
    host_id,
    ROW_NUMBER() OVER (
      PARTITION BY person_id
      ORDER BY days DESC, CASE :ties WHEN 'earlier' THEN first_day WHEN 'later' THEN -end_day ELSE host_id END NULLS LAST, host_id NULLS LAST
    ) AS place
  FROM lived
)
SELECT
  r.person_id,
  w.host_id,
  r.from_day,
  r.to_day
FROM residence AS r
JOIN ranked AS w
  ON w.person_id = r.person_id AND w.place = 1
