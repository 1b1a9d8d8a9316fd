CREATE OR REPLACE TABLE test_day_of AS
SELECT
  y.day,
  t.test_day
FROM year_day AS y
JOIN test_period AS t
  ON t.from_day <= y.day AND y.day < t.to_day
