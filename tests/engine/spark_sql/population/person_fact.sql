CREATE OR REPLACE TABLE person_fact AS
WITH heavy AS (
  SELECT
    w.bmi_hundredths,
    CAST(SUM(l.bit) AS BIGINT) AS bmi_limits
  FROM (
    SELECT DISTINCT
      bmi_hundredths
    FROM read_person
    WHERE
      fault = ''
  ) AS w
  JOIN bmi_limit AS l
    ON w.bmi_hundredths > l.hundredths
  GROUP BY
    w.bmi_hundredths
), born AS (
  SELECT
    p.person_id,
    p.birth_day,
    COALESCE(h.bmi_limits, 0) AS bmi_limits,
    YEAR(CAST('1970-01-01' AS DATE) + p.birth_day) * 10000 + MONTH(CAST('1970-01-01' AS DATE) + p.birth_day) * 100 + DAY(CAST('1970-01-01' AS DATE) + p.birth_day) AS born_on
  FROM read_person AS p
  LEFT JOIN heavy AS h
    ON h.bmi_hundredths = p.bmi_hundredths
  WHERE
    p.fault = '' AND p.person_id IN (
      SELECT
        person_id
      FROM attributed
    )
), ill AS (
  SELECT
    person_id,
    BIT_OR(bit) AS conditions
  FROM read_condition
  WHERE
    fault = ''
    AND NOT bit IS NULL
    AND day <= (
      SELECT
        MIN(test_day)
      FROM test_period
    )
  GROUP BY
    person_id
), ill_since AS (
  SELECT
    c.person_id,
    t.test_day,
    BIT_OR(c.bit) AS conditions
  FROM read_condition AS c
  JOIN test_period AS t
    ON c.day <= t.test_day
  WHERE
    c.fault = ''
    AND NOT c.bit IS NULL
    AND c.day > (
      SELECT
        MIN(test_day)
      FROM test_period
    )
  GROUP BY
    c.person_id,
    t.test_day
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
), always AS (
  SELECT
    b.person_id,
    b.birth_day,
    b.born_on,
    b.bmi_limits,
    COALESCE(i.conditions, 0) AS conditions
  FROM born AS b
  LEFT JOIN ill AS i
    ON i.person_id = b.person_id
)
SELECT
  a.person_id,
  t.test_day,
  CAST(CAST(t.tested_on - a.born_on AS BIGINT) DIV 10000 AS BIGINT) AS age,
  CAST(a.conditions | COALESCE(s.conditions, 0) AS BIGINT) AS conditions,
  a.bmi_limits,
  CAST(COALESCE(n.lists, 0) AS BIGINT) AS lists
FROM always AS a
JOIN test_period AS t
  ON a.birth_day <= t.test_day
LEFT JOIN ill_since AS s
  ON s.person_id = a.person_id AND s.test_day = t.test_day
LEFT JOIN named AS n
  ON n.person_id = a.person_id AND n.test_day = t.test_day
