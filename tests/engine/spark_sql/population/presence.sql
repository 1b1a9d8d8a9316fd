CREATE OR REPLACE TABLE presence AS
SELECT
  r.person_id,
  r.host_id,
  COALESCE(s.segment_id, 0) AS segment_id,
  t.test_day,
  GREATEST(r.from_day, t.from_day) AS from_day,
  LEAST(r.to_day, t.to_day) AS to_day
FROM attributed AS r
JOIN test_period AS t
  ON r.from_day < t.to_day AND t.from_day < r.to_day
LEFT JOIN person_fact AS f
  ON f.person_id = r.person_id AND f.test_day = t.test_day
LEFT JOIN fact_segment AS s
  ON s.age = f.age
  AND s.conditions = f.conditions
  AND s.bmi_limits = f.bmi_limits
  AND s.lists = f.lists
