CREATE OR REPLACE TABLE person_fact AS
WITH resident AS (
  SELECT DISTINCT
    person_id
  FROM attributed
), born AS (
  SELECT
    p.person_id,
    t.test_day,
    CAST('1970-01-01' AS DATE) + p.birth_day AS birth,
    CAST('1970-01-01' AS DATE) + t.test_day AS tested,
    p.bmi_hundredths
  FROM resident
  JOIN read_person AS p
    USING (person_id)
  CROSS JOIN test_period AS t
  WHERE
    p.fault = '' AND p.birth_day <= t.test_day
), ill AS (
  SELECT
    c.person_id,
    t.test_day,
    BIT_OR(c.bit) AS conditions
  FROM read_condition AS c
  JOIN test_period AS t
    ON c.day <= t.test_day
  WHERE
    c.fault = '' AND NOT c.bit IS NULL
  GROUP BY
    c.person_id,
    t.test_day
), heavy AS (
  SELECT
    b.person_id,
    b.test_day,
    SUM(CAST(l.bit AS DECIMAL(38, 0))) AS bmi_limits
  FROM born AS b
  JOIN bmi_limit AS l
    ON b.bmi_hundredths > l.hundredths
  GROUP BY
    b.person_id,
    b.test_day
), named AS (
  SELECT
    s.person_id,
    t.test_day,
    BIT_OR(s.bit) AS lists
  FROM read_segment_list AS s
  JOIN test_period AS t
    ON s.from_day <= t.test_day AND t.test_day < s.to_day
  WHERE
    s.fault = '' AND NOT s.person_id IS NULL
  GROUP BY
    s.person_id,
    t.test_day
)
SELECT
  b.person_id,
  b.test_day,
  YEAR(b.tested) - YEAR(b.birth) - CASE
    WHEN MONTH(b.tested) * 100 + DAY(b.tested) < MONTH(b.birth) * 100 + DAY(b.birth)
    THEN 1
    ELSE 0
  END AS age,
  CAST(COALESCE(i.conditions, 0) AS BIGINT) AS conditions,
  CAST(COALESCE(h.bmi_limits, 0) AS BIGINT) AS bmi_limits,
  CAST(COALESCE(n.lists, 0) AS BIGINT) AS lists
FROM born AS b
LEFT JOIN ill AS i
  USING (person_id, test_day)
LEFT JOIN heavy AS h
  USING (person_id, test_day)
LEFT JOIN named AS n
  USING (person_id, test_day)
